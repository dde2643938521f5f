"""Past purchases as rules of loyalty see them, for whoever foresees what others would have done."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns.rules import Facts
from retail.brands import queries as brands
from retail.catalogue import labels as catalogue
from retail.journeys.baskets.as_basket import NO_LABELS, basket_sold
from retail.journeys.points.review_tier import labels_of_all
from retail.receipts import sold

# So many receipts are read at most, the last ones of a span.
MOST_RECEIPTS = 10_000


def past_purchases(
    session: Session, brand_id: str, *, since: datetime, until: datetime
) -> Iterator[Facts]:
    """Past receipts in the brand's currency as campaigns see them, read in chunks.

    Members are in the tier in which they stand today: where they stood then is not kept.
    """
    currency = brands.get_brand(session, brand_id).currency
    stores = {store.id: store for store in brands.list_stores(session, brand_id)}
    labels: dict[str, frozenset[str]] = {}
    tier_of = labels_of_all(session, brand_id)
    for chunk in sold.sold(session, brand_id, currency=currency, since=since, until=until):
        new = {line.variant_id for one in chunk for line in one.lines if line.variant_id}
        labels |= catalogue.labels_of(session, brand_id, new - labels.keys())
        for one in chunk:
            basket = basket_sold(one, stores[one.store_id], labels)
            labelled = tier_of(one.member_id) if one.member_id else NO_LABELS
            yield Facts(basket, labelled, one.purchases)
