"""Foresee what terms would have given for the receipts of members in the last weeks; no writes."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from loyalty.earning.foresee import Foreseen, foresee
from loyalty.earning.rules import Terms
from retail.brands import queries as brands
from retail.journeys.points.past_purchases import MOST_RECEIPTS, past_purchases
from retail.receipts import sold

SPAN = timedelta(days=30)


def foresee_points(session: Session, brand_id: str, terms: Terms, *, now: datetime) -> Foreseen:
    """What the receipts of the `SPAN` before now would have earned, whatever came back since.

    Those in the brand's currency, the last 10,000 at most.
    """
    currency = brands.get_brand(session, brand_id).currency
    span = {"since": now - SPAN, "until": now}
    since, _is_cut = sold.beginning_of_last(
        session, brand_id, currency=currency, most=MOST_RECEIPTS, **span
    )
    past = past_purchases(session, brand_id, since=since, until=now)
    return foresee(terms, ((facts.basket, facts.purchases == 0) for facts in past))
