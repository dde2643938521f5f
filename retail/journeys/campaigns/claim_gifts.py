"""Give what campaigns give members for a basket whose member became known when it was claimed."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.baskets.rules import Basket
from loyalty.campaigns import once, queries, service
from loyalty.campaigns.rules import Facts
from loyalty.vouchers import queries as voucher_terms
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.catalogue.labels import labels_of
from retail.journeys.baskets.as_basket import Known, as_basket
from retail.journeys.campaigns.book_gifts import book_gifts
from retail.journeys.campaigns.keep_back import keep_back
from retail.journeys.campaigns.unbook_gifts import unbook_returned
from retail.journeys.points.review_tier import tier_labels
from retail.receipts import returned, sold
from retail.receipts.given import basket_sources, claimed_source
from retail.receipts.views import ReceiptView


def claim_gifts(session: Session, receipt: ReceiptView, *, now: datetime, key: bytes) -> None:
    """Book points and vouchers of the campaigns that ran when it was sold, less what came back.

    Nothing where its basket was not priced for good, had a member, or was taken back. Discounts
    are the till's to give; points are of what was paid. Whoever is kept back from a campaign gets
    nothing of it by this door either.
    """
    member_id, brand_id = receipt.member_id, receipt.brand_id
    sources, sold_at = basket_sources(receipt), receipt.sold_at
    store = brands.get_store(session, receipt.store_id)
    bound = once.bind(session, brand_id, sources, to=receipt.id, sold_at=sold_at, zone=store.zone)
    if member_id is None or bound is None:
        return
    if any(use.owner_id for use in queries.uses_of(session, brand_id, bound.source)):
        return
    source = claimed_source(bound.source)
    facts = Facts(
        _basket(session, receipt, store),
        tier_labels(session, member_id, brand_id=brand_id, now=sold_at),
        sold.purchases_before(session, member_id, sold_at),
        frozenset(voucher_terms.named_terms(session, brand_id)),
        keep_back(session, brand_id, member_id, at=sold_at, source=source),
    )
    service.execute(session, brand_id, facts, source=source, now=sold_at, claim_of=bound.source)
    book_gifts(session, store, source, bought_at=sold_at, now=now, key=key)
    for return_id in returned.returns_of(session, receipt.id):
        unbook_returned(session, receipt, return_id, now=now)


def _basket(session: Session, receipt: ReceiptView, store: StoreView) -> Basket:
    """The receipt by the positions of its lines, as tills number them."""
    lines = [
        Known(str(one.position), one.variant_id, one.sku, one.quantity, one.total_minor)
        for one in receipt.lines
    ]
    known = [one.variant_id for one in lines if one.variant_id]
    return as_basket(
        lines,
        labels=labels_of(session, receipt.brand_id, known),
        store=store,
        currency=receipt.currency,
        at=receipt.sold_at,
        owner_id=receipt.member_id,
    )
