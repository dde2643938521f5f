"""Which campaigns run at an instant, with what each gave so far, as `evaluate` takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from loyalty.campaigns.conditions import Buyer
from loyalty.campaigns.definition import Definition, read_campaign
from loyalty.campaigns.evaluate import Running
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.queries import used_of

# Read for every basket: built once, since building takes longer than reading.
_RUNS = (
    Campaign.programme_id == bindparam("programme_id"),
    Campaign.state == "started",
    Campaign.starts_at <= bindparam("now"),
    or_(Campaign.ends_at.is_(None), Campaign.ends_at > bindparam("now")),
)
_RUNNING = select(Campaign).where(*_RUNS, Campaign.id.not_in(bindparam("without", expanding=True)))
_RUNNING_IDS = select(Campaign.id).where(*_RUNS).order_by(Campaign.id)
_RUNNING_FOR = (
    select(Campaign.id, Campaign.name, Campaign.definition).where(*_RUNS).order_by(Campaign.name)
)
_ANNOUNCED = (
    select(Campaign)
    .where(
        *_RUNS,
        or_(Campaign.uses_limit.is_(None), Campaign.uses < Campaign.uses_limit),
        or_(Campaign.budget_minor.is_(None), Campaign.spent_minor < Campaign.budget_minor),
        or_(Campaign.budget_points.is_(None), Campaign.spent_points < Campaign.budget_points),
    )
    .order_by(Campaign.name)
)
_HAD = (
    select(CampaignUse.campaign_id, func.count())
    .where(
        CampaignUse.campaign_id.in_(bindparam("campaign_ids", expanding=True)),
        CampaignUse.owner_id == bindparam("owner_id"),
        CampaignUse.taken_back_at.is_(None),
    )
    .group_by(CampaignUse.campaign_id)
)


@dataclass(frozen=True)
class Announced:
    """A campaign to tell everybody of, and when it ends; None for no end."""

    definition: Definition
    ends_at: datetime | None


def running_now(
    session: Session,
    programme_id: str,
    *,
    owner_id: str | None,
    now: datetime,
    without: Sequence[str] = (),
) -> list[Running]:
    """What runs now, as `evaluate` takes it, with what each gave to all and to an owner."""
    given = {"programme_id": programme_id, "now": now, "without": without}
    rows = session.scalars(_RUNNING, given).all()
    had = uses_of_owner(session, [row.id for row in rows], owner_id)
    return [
        Running(row.id, read_campaign(row.definition), used_of(row, had.get(row.id, 0)))
        for row in rows
    ]


def running_ids(session: Session, programme_id: str, *, now: datetime) -> list[str]:
    """What runs now, by id, in a fixed order."""
    return list(session.scalars(_RUNNING_IDS, {"programme_id": programme_id, "now": now}))


def running_for(
    session: Session, programme_id: str, label: str, *, now: datetime
) -> dict[str, str]:
    """What runs now and has a rule for buyers of a label, such as `tier:gold`: names by id."""
    rows = session.execute(_RUNNING_FOR, {"programme_id": programme_id, "now": now})
    return {row.id: row.name for row in rows if _asks_for(read_campaign(row.definition), label)}


def announced(session: Session, programme_id: str, *, now: datetime) -> list[Announced]:
    """What runs now, is to be announced, and has something left to give, by name."""
    rows = session.scalars(_ANNOUNCED, {"programme_id": programme_id, "now": now})
    found = [Announced(read_campaign(row.definition), row.ends_at) for row in rows]
    return [one for one in found if one.definition.is_announced]


def uses_of_owner(
    session: Session, campaign_ids: Sequence[str], owner_id: str | None
) -> dict[str, int]:
    """How often somebody had each campaign, not counting what was taken back."""
    if owner_id is None:
        return {}
    rows = session.execute(_HAD, {"campaign_ids": campaign_ids, "owner_id": owner_id})
    return {row.campaign_id: int(row[1]) for row in rows}


def _asks_for(definition: Definition, label: str) -> bool:
    conditions = (one for rule in definition.rules for one in rule.conditions)
    return any(isinstance(one, Buyer) and label in one.labels for one in conditions)
