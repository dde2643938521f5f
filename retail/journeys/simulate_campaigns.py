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
from retail.journeys.as_basket import basket_sold
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
    """
    currency = brands.get_brand(session, brand_id).currency
    begins, is_cut = sold.beginning_of_last(
        session, brand_id, currency=currency, since=since, until=until, most=MOST_RECEIPTS
    )
    past = past_purchases(session, brand_id, since=begins, until=until)
    return Simulated(foresee(definitions, past), currency, begins, until, is_cut)


def past_purchases(
    session: Session, brand_id: str, *, since: datetime, until: datetime
) -> Iterator[Facts]:
    """Past receipts in the brand's currency as campaigns see them, read in chunks."""
    currency = brands.get_brand(session, brand_id).currency
    stores = {store.id: store for store in brands.list_stores(session, brand_id)}
    labels: dict[str, frozenset[str]] = {}
    for chunk in sold.sold(session, brand_id, currency=currency, since=since, until=until):
        new = {line.variant_id for one in chunk for line in one.lines if line.variant_id}
        labels |= catalogue.labels_of(session, brand_id, new - labels.keys())
        for one in chunk:
            basket = basket_sold(one, stores[one.store_id], labels)
            yield Facts(basket, purchases=one.purchases)
