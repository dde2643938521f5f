"""Label a basket with what the catalogue and the store say, for campaigns to choose by."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from loyalty.baskets.rules import Basket, Line
from loyalty.campaigns.rules import Facts
from retail.brands.queries import StoreView
from retail.receipts.sold import Sold

NO_LABELS: frozenset[str] = frozenset()
Goods = tuple[str, str | None, Decimal, int]


def label_basket(
    lines: Iterable[Goods],
    *,
    store: StoreView,
    at: datetime,
    labels: Mapping[str, frozenset[str]],
    owner_id: str | None,
    purchases: int | None,
) -> Facts:
    """The facts of lines of id, variant id, quantity and total in minor units.

    Goods that the catalogue does not know have no labels. `purchases` counts the owner's before.
    """
    basket = Basket(
        currency=store.currency,
        zone=store.zone,
        at=at,
        lines=tuple(
            Line(line_id, labels.get(variant_id or "", NO_LABELS), quantity, total)
            for line_id, variant_id, quantity, total in lines
        ),
        labels=frozenset({f"store:{store.slug}"}),
        owner_id=owner_id,
    )
    return Facts(basket, purchases=purchases)


def label_receipt(sold: Sold, store: StoreView, labels: Mapping[str, frozenset[str]]) -> Facts:
    """The facts of a receipt as it was sold, with what was paid for each line."""
    return label_basket(
        [(str(one.position), one.variant_id, one.quantity, one.total_minor) for one in sold.lines],
        store=store,
        at=sold.sold_at,
        labels=labels,
        owner_id=sold.member_id,
        purchases=sold.purchases,
    )
