"""The basket that somebody types at the staff till: a SKU or GTIN with its price, or an amount."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.errors import Invalid
from loyalty.baskets.rules import MOST_MINOR
from loyalty.vouchers.once import MOST_VOUCHERS
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.catalogue.scanned import find_gtin
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.vouchers.redeem_vouchers import ShownBasket
from web.pages.amounts import read_minor
from web.schemas.vouchers import CODE_LENGTH

ROWS, _MOST_ROWS, _SPARE = 5, 100, 2
_MOST_PIECES = 999


@dataclass(frozen=True)
class Row:
    """What is typed in one row: an article, how many of it, and what all of them cost."""

    item: str
    pieces: str
    amount: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing was bought here."""
        return not (self.item or self.amount)


def rows_of(form: Mapping[str, str]) -> list[Row]:
    """The rows as they were typed, and empty ones after the last of them."""
    names = ("item", "pieces", "amount")
    typed = [
        Row(*(form.get(f"{name}-{n}", "").strip() for name in names)) for n in range(_MOST_ROWS)
    ]
    last = max((n for n, row in enumerate(typed, 1) if not row.is_empty), default=0)
    return typed[: max(ROWS, last + _SPARE)]


def read_basket(
    session: Any,
    store: StoreView,
    form: Mapping[str, str],
    *,
    member_id: str | None,
    needs_voucher: bool = True,
) -> ShownBasket:
    """The basket of a form. Raises Invalid whose `fields` name what is wrong where."""
    fields: dict[str, list[str]] = {}
    lines = []
    for number, row in enumerate(rows_of(form)):
        if not row.is_empty:
            try:
                lines.append(_line(session, store, row))
            except ValueError as error:
                fields[f"row-{number}"] = [str(error)]
    codes = tuple(
        code[:CODE_LENGTH] for code in form.get("vouchers", "").splitlines() if code.strip()
    )
    least = int(needs_voucher and member_id is None)
    if not least <= len(codes) <= MOST_VOUCHERS:
        fields["vouchers"] = [_("Scan or type a voucher, each on a line of its own.")]
    if not lines and not fields:
        fields["row-0"] = [_("Say what is bought: an article, or an amount.")]
    if fields:
        raise Invalid("basket_unclear", _("Some fields need another look."), fields=fields)
    return ShownBasket(
        currency=store.currency,
        lines=tuple(lines),
        vouchers=codes,
        member_id=member_id,
        held=member_id is not None,
    )


def _line(session: Any, store: StoreView, row: Row) -> Goods:
    pieces = row.pieces or "1"
    if not pieces.isascii() or not pieces.isdigit() or not 1 <= int(pieces) <= _MOST_PIECES:
        raise ValueError(_("How many is a whole number from 1."))
    variant = _variant(session, store, row.item) if row.item else None
    if row.amount:
        total = _minor(row.amount, store.currency)
    elif variant is not None and variant.currency == store.currency:
        total = variant.price_minor * int(pieces)
    else:
        raise ValueError(_("We don’t know this article. Type what it costs as well."))
    sku = variant.sku if variant else None
    return Goods(quantity=Decimal(pieces), total_minor=total, sku=sku)


def _variant(session: Any, store: StoreView, item: str) -> VariantView | None:
    return catalogue.find_variant(session, store.brand_id, gtin=find_gtin(item), sku=item)


def _minor(typed: str, currency: str) -> int:
    try:
        minor = read_minor(typed, currency)
    except ValueError:
        minor = -1
    if not 0 <= minor <= MOST_MINOR:
        raise ValueError(_("An amount is a number such as 12.50."))
    return minor
