"""Baskets to be priced, and campaigns as files, planned, moved and simulated."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from loyalty.campaigns.definition import FORMAT, tell_campaign
from loyalty.campaigns.foresee import Forecast, Sum
from loyalty.campaigns.queries import CampaignView, edition
from loyalty.campaigns.rules import NAME_LENGTH, State
from retail.journeys.baskets.as_basket import Goods
from retail.journeys.campaigns.give_gifts import AskedBasket
from retail.journeys.campaigns.simulate_campaigns import Simulated
from retail.receipts.rules import (
    MAX_LINES,
    MAX_MINOR,
    MAX_QUANTITY,
    NUMBER_LENGTH,
    SKU_LENGTH,
    TILL_LENGTH,
)
from web.schemas.receipts import DECIMAL
from web.schemas.text import PRINTABLE


class LineToPrice(Schema):
    """A line as it stands in the till, before campaigns."""

    gtin = fields.String(allow_none=True, validate=[validate.Length(max=14), PRINTABLE])
    sku = fields.String(allow_none=True, validate=[validate.Length(max=SKU_LENGTH), PRINTABLE])
    quantity = fields.Decimal(
        load_default=Decimal(1),
        places=3,
        validate=validate.Range(0, MAX_QUANTITY),
        metadata=DECIMAL | {"description": "Up to three decimals"},
    )
    total_minor = fields.Integer(required=True, strict=True, validate=validate.Range(0, MAX_MINOR))

    @post_load
    def as_line(self, line: dict[str, Any], **_: Any) -> Goods:
        """The line as the shop knows it."""
        return Goods(**line)


@dataclass(frozen=True)
class SentBasket:
    """A basket, the store the sender named, and its number where it is given for good."""

    store: str | None
    source: str | None
    basket: AskedBasket


class BasketToPrice(Schema):
    """A basket. With `commit` and a `source`, such as the receipt's number, it is for good."""

    store = fields.String(
        validate=[validate.Length(1, 60), PRINTABLE],
        metadata={"description": "The store's slug; a till's key knows its own"},
    )
    currency = fields.String(
        required=True, validate=validate.Length(3, 3), metadata={"description": "ISO 4217"}
    )
    at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When it was sold, from a till that was offline"}
    )
    member_id = fields.String(allow_none=True, validate=[validate.Length(1, 26), PRINTABLE])
    lines = fields.List(
        fields.Nested(LineToPrice), required=True, validate=validate.Length(1, MAX_LINES)
    )
    commit = fields.Boolean(load_default=False)
    source = fields.String(
        validate=[validate.Length(1, TILL_LENGTH + 1 + NUMBER_LENGTH), PRINTABLE],
        metadata={
            "description": "The receipt's number, or TILL:NUMBER where tills share numbers; unique"
            " within the store, for ever; needed to commit"
        },
    )

    @post_load
    def as_input(self, sent: dict[str, Any], **_: Any) -> SentBasket:
        """The basket as the shop knows it."""
        is_for_good, source = sent.pop("commit"), sent.pop("source", None)
        if is_for_good and source is None:
            raise validate.ValidationError("Name the source to commit.", "source")
        store = sent.pop("store", None)
        basket = AskedBasket(**sent | {"lines": tuple(sent["lines"])})
        return SentBasket(store, source if is_for_good else None, basket)


class BasketPlace(Schema):
    """Which store a basket was of."""

    store = fields.String(validate=[validate.Length(1, 60), PRINTABLE])


class Plan(Schema):
    """A campaign: its definition as a file tells it, and when it runs."""

    definition = fields.Raw(
        required=True,
        metadata={"type": "object", "description": f"A campaign of the format {FORMAT}"},
    )
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(
        allow_none=True, load_default=None, metadata={"description": "Empty: until it is stopped"}
    )


EDITION = {
    "description": "The `edition` that was read: refused where it was planned anew since. Left out,"
    " the last word counts"
}


class PlanAnew(Plan):
    """A draft as it shall be from now on."""

    edition = fields.String(validate=[validate.Length(1, 64), PRINTABLE], metadata=EDITION)


class StartQuery(Schema):
    """Which edition of a draft is started."""

    edition = fields.String(validate=[validate.Length(1, 64), PRINTABLE], metadata=EDITION)


class PlanQuery(Schema):
    """Whether an import is only tried."""

    dry_run = fields.Boolean(load_default=False)


class CopyName(Schema):
    """What the copy is called."""

    name = fields.String(required=True, validate=[validate.Length(1, NAME_LENGTH), PRINTABLE])


class CampaignsQuery(Schema):
    """Where a page of campaigns begins."""

    after = fields.String(validate=[validate.Length(1, 200), PRINTABLE])
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class Span(Schema):
    """Past receipts of which days: [since, until)."""

    since = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)


@dataclass(frozen=True)
class CampaignReply:
    """A campaign with what it gave so far; `definition` is what an export holds.

    `edition` is another word whenever what is planned changes.
    """

    id: str
    name: str
    edition: str
    state: State
    definition: dict[str, Any]
    starts_at: datetime
    ends_at: datetime | None
    uses: int
    spent_minor: int
    spent_points: int
    created_at: datetime


@dataclass(frozen=True)
class CampaignPage:
    """Campaigns, the newest first, and where the next page begins, if there is one."""

    campaigns: tuple[CampaignReply, ...]
    next_after: str | None


@dataclass(frozen=True)
class WeekReply:
    """What a week, told by its Monday, would have cost."""

    monday: str
    receipts: int
    discount_minor: int
    points: int
    credits: int


@dataclass(frozen=True)
class CostReply:
    """What a campaign would have cost; `members` is empty where they are too few to tell."""

    campaign_id: str
    name: str
    receipts: int
    discount_minor: int
    points: int
    credits: int
    vouchers: int
    members: int | None
    weeks: tuple[WeekReply, ...]


@dataclass(frozen=True)
class SimulationReply:
    """What campaigns would have cost over past receipts; nothing was written."""

    currency: str
    since: datetime
    until: datetime
    is_cut: bool
    receipts: int
    takings_minor: int
    discount_minor: int
    points: int
    credits: int
    campaigns: tuple[CostReply, ...]


def campaign_reply(view: CampaignView) -> CampaignReply:
    """A campaign as the API tells it."""
    return CampaignReply(
        id=view.id,
        name=view.name,
        edition=edition(view),
        state=view.state,
        definition=tell_campaign(view.definition),
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        uses=view.used.uses,
        spent_minor=view.used.spent_minor,
        spent_points=view.used.spent_points,
        created_at=view.created_at,
    )


def simulation_reply(simulated: Simulated) -> SimulationReply:
    """A simulation as the API tells it, with a row for every week."""
    forecast = simulated.forecast
    return SimulationReply(
        currency=simulated.currency,
        since=simulated.since,
        until=simulated.until,
        is_cut=simulated.is_cut,
        receipts=forecast.baskets,
        takings_minor=forecast.takings_minor,
        discount_minor=forecast.discount_minor,
        points=forecast.points,
        credits=forecast.credits,
        campaigns=tuple(_cost(forecast, place) for place in range(len(forecast.costs))),
    )


def _cost(forecast: Forecast, place: int) -> CostReply:
    cost = forecast.costs[place]
    return CostReply(
        campaign_id=cost.campaign_id,
        name=cost.name,
        receipts=cost.total.baskets,
        discount_minor=cost.total.discount_minor,
        points=cost.total.points,
        credits=cost.total.credits,
        vouchers=cost.total.vouchers,
        members=cost.members,
        weeks=tuple(
            _week(monday, week)
            for monday in forecast.mondays
            if (week := cost.weeks.get(monday)) is not None
        ),
    )


def _week(monday: date, week: Sum) -> WeekReply:
    return WeekReply(
        monday=monday.isoformat(),
        receipts=week.baskets,
        discount_minor=week.discount_minor,
        points=week.points,
        credits=week.credits,
    )
