"""Simulate campaigns over past receipts: what they would have cost; no writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns.definition import Definition
from loyalty.campaigns.foresee import Forecast, foresee
from loyalty.campaigns.rules import Facts
from retail.brands import queries as brands
from retail.catalogue import labels as catalogue
from retail.journeys.as_basket import NO_LABELS, basket_sold
from retail.journeys.foresee_holdouts import foresee_holdouts
from retail.journeys.review_tier import labels_of_all
from retail.receipts import sold

MOST_RECEIPTS = 10_000


@dataclass(frozen=True)
class Simulated:
    """What campaigns would have cost; `is_cut` where only the last receipts of the span were read.

    `since` is from when on they were.
    """

    forecast: Forecast
    currency: str
    since: datetime
    until: datetime
    is_cut: bool


def simulate_campaigns(
    session: Session,
    brand_id: str,
    definitions: Mapping[str, Definition],
    *,
    since: datetime,
    until: datetime,
) -> Simulated:
    """What campaigns would have given had they run over [since, until), from nothing used.

    Receipts in the brand's currency, in the order of their sale, as paid; the last 10,000 at most.
    Members count in today's tier.
    """
    currency = brands.get_brand(session, brand_id).currency
    begins, is_cut = sold.beginning_of_last(
        session, brand_id, currency=currency, since=since, until=until, most=MOST_RECEIPTS
    )
    past = past_purchases(session, brand_id, since=begins, until=until)
    asked = foresee_holdouts(session, brand_id, definitions, past, at=until)
    return Simulated(foresee(definitions, asked), currency, begins, until, is_cut)


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
