"""A receipt as rules of loyalty see it."""

from sqlalchemy.orm import Session

from loyalty.baskets.rules import Basket, Line
from retail.brands import queries as brands
from retail.catalogue.labels import labels_of
from retail.receipts.views import ReceiptView


def basket_of(session: Session, receipt: ReceiptView) -> Basket:
    """The basket that was bought, as it was sold, whatever came back since."""
    store = brands.get_store(session, receipt.store_id)
    ids = [line.variant_id for line in receipt.lines if line.variant_id]
    known = labels_of(session, receipt.brand_id, ids)
    lines = []
    for line in receipt.lines:
        labels = frozenset({f"sku:{line.sku}"}) if line.sku else frozenset()
        labels |= known.get(line.variant_id or "", frozenset())
        lines.append(Line(line.id, labels, line.quantity, line.total_minor))
    return Basket(
        currency=receipt.currency,
        zone=store.zone,
        at=receipt.sold_at,
        lines=tuple(lines),
        labels=frozenset({f"store:{store.slug}"}),
        owner_id=receipt.member_id,
    )
