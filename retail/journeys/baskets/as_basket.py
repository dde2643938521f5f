"""From lines to a basket, as rules of loyalty see it: the one way of points, vouchers, campaigns.

Goods have the labels that the catalogue gives them, those it does not know their SKU alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from loyalty.baskets.rules import Basket, Line
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.cells import read_gtin
from retail.catalogue.labels import labels_of
from retail.receipts.sold import Sold
from retail.receipts.views import ReceiptView

NO_LABELS: frozenset[str] = frozenset()
Labels = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Goods:
    """So much of one thing as a till names it: by GTIN, by SKU, or as an amount alone.

    `total_minor` is for all of it, before anything is taken off.
    """

    quantity: Decimal
    total_minor: int
    gtin: str | None = None
    sku: str | None = None


class Known(NamedTuple):
    """A line whose variant was looked for; `variant_id` is None where the catalogue has none."""

    id: str
    variant_id: str | None
    sku: str | None
    quantity: Decimal
    total_minor: int


def basket_bought(session: Session, receipt: ReceiptView) -> Basket:
    """The basket of a receipt by the ids of its lines, as sold, whatever came back since."""
    lines = [
        Known(line.id, line.variant_id, line.sku, line.quantity, line.total_minor)
        for line in receipt.lines
    ]
    return as_basket(
        lines,
        labels=labels_of(session, receipt.brand_id, _variants(lines)),
        store=brands.get_store(session, receipt.store_id),
        currency=receipt.currency,
        at=receipt.sold_at,
        owner_id=receipt.member_id,
    )


def basket_sold(sold: Sold, store: StoreView, labels: Labels) -> Basket:
    """The basket of one of many receipts by positions, with labels that were read together."""
    lines = (
        Known(str(one.position), one.variant_id, one.sku, one.quantity, one.total_minor)
        for one in sold.lines
    )
    return as_basket(
        lines,
        labels=labels,
        store=store,
        currency=sold.currency,
        at=sold.sold_at,
        owner_id=sold.member_id,
    )


def basket_shown(
    session: Session,
    goods: Sequence[Goods],
    *,
    store: StoreView,
    at: datetime,
    member_id: str | None,
) -> tuple[Basket, list[Known]]:
    """The basket that a till shows, in the store's currency, its lines numbered from 1.

    With it each line and the variant that was found. A member of another brand is nobody.
    """
    lines = look_up(session, store.brand_id, goods)
    basket = as_basket(
        lines,
        labels=labels_of(session, store.brand_id, _variants(lines)),
        store=store,
        currency=store.currency,
        at=at,
        owner_id=find_buyer(session, store.brand_id, member_id),
    )
    return basket, lines


def as_basket(
    lines: Iterable[Known],
    *,
    labels: Labels,
    store: StoreView,
    currency: str,
    at: datetime,
    owner_id: str | None,
) -> Basket:
    """The basket of lines, with labels by variant id."""
    return Basket(
        currency=currency,
        zone=store.zone,
        at=at,
        lines=tuple(
            Line(line.id, _labels(line, labels), line.quantity, line.total_minor) for line in lines
        ),
        labels=frozenset({f"store:{store.slug}"}),
        owner_id=owner_id,
    )


def look_up(session: Session, brand_id: str, goods: Sequence[Goods]) -> list[Known]:
    """The variants of goods, by GTIN first; lines are numbered from 1."""
    gtins = [read_gtin(one.gtin) or one.gtin if one.gtin else None for one in goods]
    skus = {one.sku for one in goods if one.sku}
    known = catalogue.find_variants(session, brand_id, set(filter(None, gtins)), skus)
    lines = []
    for number, (gtin, one) in enumerate(zip(gtins, goods, strict=True), start=1):
        variant = known.get(("gtin", gtin or "")) or known.get(("sku", one.sku or ""))
        variant_id = variant.id if variant else None
        lines.append(Known(str(number), variant_id, one.sku, one.quantity, one.total_minor))
    return lines


def find_buyer(session: Session, brand_id: str, named: str | None) -> str | None:
    """The member of a brand whom a till names, or None."""
    member = accounts.members_by_id(session, [named]).get(named) if named else None
    return member.id if member and member.brand_id == brand_id else None


def _variants(lines: Iterable[Known]) -> list[str]:
    return [line.variant_id for line in lines if line.variant_id]


def _labels(line: Known, labels: Labels) -> frozenset[str]:
    named = frozenset({f"sku:{line.sku}"}) if line.sku else NO_LABELS
    return labels.get(line.variant_id or "", NO_LABELS) | named
