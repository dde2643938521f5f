"""Sell by hand: what was typed at the staff till is given for and recorded, or undone, as one.

Campaigns come first, as at tills with a key; vouchers are of what these leave to pay.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import Conflict, NotFound
from loyalty.vouchers import written
from loyalty.vouchers.rules import RedemptionView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue import service as stock
from retail.journeys.baskets.as_basket import look_up
from retail.journeys.sales.purchase import record_sale
from retail.journeys.sales.refund import take_back_goods
from retail.journeys.vouchers.price_by_hand import give_by_hand, less
from retail.journeys.vouchers.redeem_vouchers import ShownBasket, quote, redeem_now, roll_back
from retail.receipts import queries
from retail.receipts.returns import ReturnInput
from retail.receipts.rules import LineInput, ReceiptInput
from retail.receipts.views import ReceiptView

TILL = "by hand"
# What stands on the receipt for an amount without an article.
_NO_NAME = "Article"


def sell_by_hand(
    session: Session,
    *,
    store: StoreView,
    reference: str,
    shown: ShownBasket,
    now: datetime,
    settings: Settings,
) -> str:
    """Give what campaigns give, redeem vouchers, record the receipt; gives the receipt's id.

    The reference names the sale: the same one again has no second effect. Raises Invalid for what
    makes no sense, Conflict where no voucher counts or another sale had the reference.
    """
    known = queries.find_by_number(session, store.id, TILL, reference)
    if known and is_undone(known) and _is_of(known, shown):
        return known.id
    _hold_stock(session, store, shown)
    at: dict[str, Any] = {"store": store, "now": now}
    number = f"{TILL}:{reference}"
    given = give_by_hand(session, number, shown=shown, **at, key=settings.key)
    used = _redeem(session, reference, shown=less(shown, given), **at, settings=settings)
    off = Counter(given) + Counter(used)
    receipt = ReceiptInput(
        till=TILL,
        number=reference,
        sold_at=known.sold_at if known else now,
        currency=shown.currency,
        lines=_lines(session, store, shown, off),
        member_id=shown.member_id,
    )
    recorded = record_sale(session, store=store, receipt=receipt, now=now, settings=settings)
    return recorded.receipt_id


def _is_of(receipt: ReceiptView, shown: ShownBasket) -> bool:
    """Whether a receipt is that of a basket, which was sent again after it was undone."""
    sold = [(one.sku, one.quantity, one.total_minor + one.discount_minor) for one in receipt.lines]
    return sold == [(one.sku, one.quantity, one.total_minor) for one in shown.lines]


def _hold_stock(session: Session, store: StoreView, shown: ShownBasket) -> None:
    """Before campaigns and vouchers: who takes goods back locks them in this order too."""
    lines = look_up(session, store.brand_id, shown.lines)
    stock.hold_stock(session, store.id, {one.variant_id for one in lines if one.variant_id})


def _redeem(session: Session, reference: str, **how: Any) -> dict[str, int]:
    """What vouchers take off each line, once they are redeemed; nothing where there are none."""
    shown, source = how["shown"], _source(how["store"].id, reference)
    if not (shown.vouchers or (shown.held and _brings_something(session, source, **how))):
        return {}
    used: RedemptionView = redeem_now(session, source=source, **how)
    return {line.line: line.discount_minor for line in used.lines}


def _brings_something(session: Session, source: str, **how: Any) -> bool:
    """Whether what the member holds on their phone counts for this sale, or did before."""
    before = written.find_by_source(session, how["store"].brand_id, source)
    return before is not None or bool(quote(session, **how).vouchers)


def undo_sale(
    session: Session, receipt_id: str, *, brand_id: str, store_id: str | None, now: datetime
) -> None:
    """Take all of a sale by hand back: goods, points, looks, and the uses of its vouchers; once.

    Raises NotFound, and Conflict where some of it came back otherwise.
    """
    receipt = get_sale(session, receipt_id, brand_id=brand_id, store_id=store_id)
    if not is_undone(receipt):
        if any(line.returned_quantity for line in receipt.lines):
            raise Conflict("partly_returned", "Some of it came back already. Take back the rest.")
        given = ReturnInput(f"undo-{receipt.number}", now)
        where = {"brand_id": brand_id, "store_id": receipt.store_id}
        take_back_goods(session, receipt_id, **where, given=given, now=now)
    used = written.find_by_source(session, brand_id, _source(receipt.store_id, receipt.number))
    if used is not None:
        source = "staff:undo"
        roll_back(session, used, brand_id=brand_id, source=source, lines=None, now=now)


def get_sale(
    session: Session, receipt_id: str, *, brand_id: str, store_id: str | None
) -> ReceiptView:
    """The receipt of a sale by hand, in this store or in any for None. Raises NotFound."""
    receipt = queries.get_receipt(session, receipt_id, brand_id=brand_id)
    if receipt.till != TILL or store_id not in (None, receipt.store_id):
        raise NotFound("sale_not_found", "This sale isn’t here.")
    return receipt


def is_undone(receipt: ReceiptView) -> bool:
    """Whether all of it came back."""
    return all(line.is_returned for line in receipt.lines)


def keeps_vouchers(session: Session, receipt: ReceiptView) -> bool:
    """Whether vouchers that a sale used are used still.

    Goods that another till takes back leave them so: it asks for them by themselves.
    """
    used = written.find_by_source(
        session, receipt.brand_id, _source(receipt.store_id, receipt.number)
    )
    uses = written.used_in(session, used) if used else []
    return any(not is_back for _voucher_id, _sold_at, is_back in uses)


def _lines(
    session: Session, store: StoreView, shown: ShownBasket, off: Mapping[str, int]
) -> tuple[LineInput, ...]:
    skus = {goods.sku for goods in shown.lines if goods.sku}
    known = catalogue.find_variants(session, store.brand_id, set(), skus)
    return tuple(
        LineInput(
            goods.quantity,
            goods.total_minor - off.get(str(number), 0),
            sku=goods.sku,
            description=known["sku", goods.sku].style_name if goods.sku else _NO_NAME,
            discount_minor=off.get(str(number), 0),
        )
        for number, goods in enumerate(shown.lines, start=1)
    )


def _source(store_id: str, reference: str) -> str:
    return f"by-hand:{store_id}:{reference}"
