"""What may be asked of the board of stylists, and how integrators read it."""

from dataclasses import dataclass
from datetime import date

from marshmallow import fields, validate

from retail.influence.measured import Lifted, Why
from retail.influence.ranking import SORTS
from retail.influence.rules import TravelTier
from retail.influence.views import Influencer
from web.schemas.liability import LiabilityQuery

MOST_ROWS = 100


class InfluenceQuery(LiabilityQuery):
    """What a hundred points cost, in units of the brand's currency: an assumption."""


class InfluencerQuery(InfluenceQuery):
    """Which month."""

    month = fields.String(
        validate=validate.Regexp(r"[0-9]{4}-[0-9]{2}\Z", error="Write a month, such as 2026-11."),
        metadata={"description": "One of the last six months; this one if left out"},
    )


class InfluencersQuery(InfluencerQuery):
    """Which month and store, in which order, and from where on."""

    store = fields.String(metadata={"description": "The slug of a store; all if left out"})
    sort = fields.String(load_default="lift", validate=validate.OneOf(SORTS))
    after = fields.String(
        validate=validate.Length(max=26), metadata={"description": "`next_after` of a page"}
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_ROWS))


@dataclass(frozen=True)
class InfluencersPage:
    """Stylists of the league in a month, best first; null is held back, or not measured.

    Money is in minor units. `why` says what is told of lift: `early` until `days_left` days are
    over, `no_holdout` or `few` where nothing can be told.
    """

    month_on: date
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
