"""Simulate campaigns over past receipts: what they would have cost; no writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from loyalty.campaigns.definition import Definition
from loyalty.campaigns.foresee import Back, Forecast, foresee
from loyalty.earning.rules import taken_back
from retail.brands import queries as brands
from retail.journeys.campaigns.foresee_holdouts import foresee_holdouts
from retail.journeys.points.past_purchases import MOST_RECEIPTS, past_purchases
from retail.receipts import sold
from retail.receipts.returned import LineBack
from retail.receipts.sold import CameBack


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
    Members count in today's tier. What came back of them since is taken off, as a return takes it.
    """
    currency = brands.get_brand(session, brand_id).currency
    begins, is_cut = sold.beginning_of_last(
        session, brand_id, currency=currency, since=since, until=until, most=MOST_RECEIPTS
    )
    past = past_purchases(session, brand_id, since=begins, until=until)
    asked = foresee_holdouts(session, brand_id, definitions, past, at=until)
    returns = _returns(session, brand_id, currency=currency, since=begins, until=until)
    return Simulated(foresee(definitions, asked, returns), currency, begins, until, is_cut)


def _returns(
    session: Session, brand_id: str, *, currency: str, since: datetime, until: datetime
) -> list[Back]:
    """What came back of past receipts, each by the number of its purchase."""
    span: dict[str, Any] = {"currency": currency, "since": since, "until": until}
    came = sold.came_back(session, brand_id, **span)
    if not came:
        return []
    ids = sold.ids_sold(session, brand_id, **span)
    numbers = {receipt_id: number for number, receipt_id in enumerate(ids)}
    return [
        Back(
            one.returned_at,
            numbers[one.receipt_id],
            one.amount_minor,
            all(
                one.after.get(position, sold.NOTHING_BACK).quantity >= line.quantity
                and position in one.after
                for position, line in one.sold.items()
            ),
            partial(_gone, one),
        )
        for one in came
    ]


def _gone(came: CameBack, earned: Mapping[str, int]) -> int:
    """How many of the points that lines earned go with a return."""
    return _gone_with(came, earned, came.after) - _gone_with(came, earned, came.before)


def _gone_with(came: CameBack, earned: Mapping[str, int], back: Mapping[int, LineBack]) -> int:
    return sum(
        taken_back(
            earned[str(position)],
            total_minor=came.sold[position].amount_minor,
            returned_minor=part.amount_minor,
            is_returned=part.quantity >= came.sold[position].quantity,
        )
        for position, part in back.items()
        if str(position) in earned
    )
