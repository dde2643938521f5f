"""What may be asked of the board of stylists, and how integrators read it."""

from dataclasses import dataclass
from datetime import date

from marshmallow import Schema, fields, validate

from retail.influence.measured import Lifted, Why
from retail.influence.own import PastScore
from retail.influence.periods import FEWEST_DAYS, MOST_DAYS, Window
from retail.influence.ranking import SORTS
from retail.influence.rules import TravelTier
from retail.influence.views import Influencer
from web.schemas.liability import LiabilityQuery

MOST_ROWS = 100


class InfluenceQuery(LiabilityQuery):
    """What a hundred points cost, in units of the brand's currency: an assumption."""


class MonthQuery(Schema):
    """Which month is meant."""

    month = fields.String(
        validate=validate.Regexp(r"[0-9]{4}-[0-9]{2}\Z", error="Write a month, such as 2026-11."),
        metadata={"description": "One of the last six months"},
    )


class PeriodQuery(MonthQuery):
    """Which days: a month, a season of the league, or two dates; this month if all is left out."""

    season = fields.String(
        validate=validate.Length(max=26),
        metadata={"description": "The id of a season of the league, instead of a month"},
    )
    from_ = fields.Date(
        data_key="from",
        attribute="from",
        error_messages={"invalid": "Write a date, such as 2026-11-01."},
        metadata={"description": "With `until`: any days instead, by the brand’s calendar"},
    )
    until = fields.Date(error_messages={"invalid": "Write a date, such as 2026-11-30."})


class InfluencerQuery(PeriodQuery, InfluenceQuery):
    """Which days, and what points cost."""


class InfluencersQuery(InfluencerQuery):
    """Which days and store, in which order, and from where on."""

    store = fields.String(metadata={"description": "The slug of a store; all if left out"})
    sort = fields.String(load_default="lift", validate=validate.OneOf(SORTS))
    after = fields.String(
        validate=validate.Length(max=26), metadata={"description": "`next_after` of a page"}
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_ROWS))


@dataclass(frozen=True)
class OwnSeasons:
    """Where somebody came in the seasons that ended in the month that begins on a day."""

    month_on: date
    seasons: tuple[PastScore, ...]


class WindowInput(Schema):
    """How many days before a sale something may have led to it, from next month on."""

    days = fields.Integer(
        required=True,
        validate=validate.Range(FEWEST_DAYS, MOST_DAYS, error="Write from {min} to {max} days."),
        error_messages={"invalid": "Write a whole number of days.", "required": "Write how many."},
    )


@dataclass(frozen=True)
class InfluencersPage:
    """Stylists of the league in a period, best first; null is held back, or not measured.

    Money is in minor units. `month_on` is null where the period is no calendar month: then, and
    before `is_over`, sales are told in batches of ten people, and lift, costs and tiers are not.
    `windows` say how long before a sale something may have led to it, from which month on. `why`
    says what is told of lift: `early` until `days_left` days are over, `no_holdout`, `few` or
    `not_a_month` where nothing can be told.
    """

    first_on: date
    last_on: date
    month_on: date | None
    is_over: bool
    windows: tuple[Window, ...]
    currency: str
    why: Why
    days_left: int
    likes: int
    engaged: int
    sales_minor: int | None
    lift: Lifted | None
    tiers: tuple[TravelTier, ...]
    influencers: tuple[Influencer, ...]
    next_after: str | None
