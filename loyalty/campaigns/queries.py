"""Reads of campaigns: those that run, and what they gave."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.campaigns.definition import Definition, read_campaign, tell_campaign
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.rules import WALLETS, Effect, Gift, State, Used, points_in

# What completes a use of the same sale is no use of its own.
_USES = func.count().filter(CampaignUse.completes_id.is_(None))


@dataclass(frozen=True)
class CampaignView:
    """A campaign as whoever plans it sees it."""

    id: str
    name: str
    state: State
    definition: Definition
    starts_at: datetime
    ends_at: datetime | None
    used: Used
    created_at: datetime


@dataclass(frozen=True)
class Received:
    """What a campaign gave to somebody, and when it was taken back, if it was.

    `points` are those to spend; `wallets` says for every wallet what went there.
    """

    campaign: str
    discount_minor: int
    points: int
    wallets: dict[str, int]
    used_at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True)
class UseView:
    """What a campaign gave for a source."""

    id: str
    campaign_id: str
    owner_id: str | None
    effects: tuple[Effect, ...]

    def points_in(self, wallet: str) -> int:
        """What it gave to a wallet."""
        return points_in(self.effects, wallet)

    def points_by_line(self, wallet: str) -> dict[str, int]:
        """What it gave to a wallet, by the ids of the lines for which it is."""
        found: dict[str, int] = {}
        for effect in self.effects:
            if effect.wallet != wallet:
                continue
            for line_id, points in effect.points_by_line.items():
                found[line_id] = found.get(line_id, 0) + points
        return found


def get(session: Session, campaign_id: str, *, programme_id: str) -> CampaignView:
    """A campaign of a programme. Raises NotFound."""
    row = session.scalar(
        select(Campaign).where(Campaign.id == campaign_id, Campaign.programme_id == programme_id)
    )
    if row is None:
        raise NotFound("campaign_not_found", "This campaign isn’t here.")
    return _view(row, summed(session, [row.id]))


def campaigns(session: Session, programme_id: str) -> list[CampaignView]:
    """All of a programme, the newest first."""
    rows = session.scalars(
        select(Campaign)
        .where(Campaign.programme_id == programme_id)
        .order_by(Campaign.created_at.desc(), Campaign.id.desc())
    ).all()
    given = summed(session, [row.id for row in rows])
    return [_view(row, given) for row in rows]


def page(
    session: Session,
    programme_id: str,
    *,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[CampaignView]:
    """Some campaigns of a programme, the newest first; a page begins after when and id of one."""
    statement = select(Campaign).where(Campaign.programme_id == programme_id)
    if after is not None:
        statement = statement.where(tuple_(Campaign.created_at, Campaign.id) < after)
    newest = statement.order_by(Campaign.created_at.desc(), Campaign.id.desc())
    rows = session.scalars(newest.limit(limit)).all()
    given = summed(session, [row.id for row in rows])
    return [_view(row, given) for row in rows]


def edition(view: CampaignView) -> str:
    """A word for what is planned of a campaign, another one whenever that changes."""
    planned = [tell_campaign(view.definition), str(view.starts_at), str(view.ends_at)]
    return sha256(json.dumps(planned, sort_keys=True).encode()).hexdigest()[:16]


def find_by_name(session: Session, programme_id: str, name: str) -> CampaignView | None:
    """The campaign of a programme with this name, or None."""
    place = (Campaign.programme_id == programme_id, Campaign.name == name)
    row = session.scalar(select(Campaign).where(*place))
    return None if row is None else _view(row, summed(session, [row.id]))


def started(session: Session, programme_id: str, *, now: datetime) -> dict[str, Definition]:
    """What each started campaign does, by id, that runs or will: its end is not over."""
    rows = session.execute(
        select(Campaign.id, Campaign.definition).where(
            Campaign.programme_id == programme_id,
            Campaign.state == "started",
            or_(Campaign.ends_at.is_(None), Campaign.ends_at > now),
        )
    )
    return {campaign_id: read_campaign(told) for campaign_id, told in rows}


def names(session: Session, programme_id: str) -> dict[str, str]:
    """What each campaign of a programme is called, by id."""
    statement = select(Campaign.id, Campaign.name).where(Campaign.programme_id == programme_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def given_since(session: Session, programme_id: str, since: datetime) -> dict[str, Used]:
    """What each campaign of a programme gave from an instant on, without what was taken back."""
    rows = session.execute(
        select(
            CampaignUse.campaign_id,
            _USES,
            func.sum(CampaignUse.discount_minor),
            func.sum(CampaignUse.points),
        )
        .join(Campaign, Campaign.id == CampaignUse.campaign_id)
        .where(
            Campaign.programme_id == programme_id,
            CampaignUse.used_at >= since,
            CampaignUse.taken_back_at.is_(None),
        )
        .group_by(CampaignUse.campaign_id)
    )
    return {one: Used(uses, 0, int(minor), int(points)) for one, uses, minor, points in rows}


def gifts_of(session: Session, programme_id: str, source: str) -> list[Gift]:
    """What the campaigns of a programme gave for a source, also if it was taken back since."""
    rows = session.execute(
        select(CampaignUse.campaign_id, CampaignUse.effects)
        .join(Campaign, Campaign.id == CampaignUse.campaign_id)
        .where(Campaign.programme_id == programme_id, CampaignUse.source == source)
        .order_by(Campaign.id)
    )
    return [Gift(one, effects_of(effects)) for one, effects in rows]


def uses_of(session: Session, programme_id: str, source: str) -> list[UseView]:
    """What campaigns gave for a source and was not taken back since, in the order of campaigns."""
    rows = session.scalars(
        select(CampaignUse)
        .join(Campaign, Campaign.id == CampaignUse.campaign_id)
        .where(
            Campaign.programme_id == programme_id,
            CampaignUse.source == source,
            CampaignUse.taken_back_at.is_(None),
        )
        .order_by(Campaign.id)
    )
    return [UseView(one.id, one.campaign_id, one.owner_id, effects_of(one.effects)) for one in rows]


def names_of_uses(session: Session, use_ids: Sequence[str]) -> dict[str, str]:
    """What the campaign of each use is called, by the use's id."""
    rows = session.execute(
        select(CampaignUse.id, Campaign.name)
        .join(Campaign, Campaign.id == CampaignUse.campaign_id)
        .where(CampaignUse.id.in_(use_ids))
    )
    return {row[0]: row[1] for row in rows}


def gifts_that_stand(session: Session, programme_id: str, source: str) -> list[tuple[str, Gift]]:
    """What the campaigns of a programme gave for a source and left there, by their names."""
    rows = session.execute(
        select(Campaign.name, Campaign.id, CampaignUse.effects)
        .join(Campaign, Campaign.id == CampaignUse.campaign_id)
        .where(
            Campaign.programme_id == programme_id,
            CampaignUse.source == source,
            CampaignUse.taken_back_at.is_(None),
        )
        .order_by(Campaign.id)
    )
    return [(name, Gift(one, effects_of(effects))) for name, one, effects in rows]


def gifts_to(session: Session, programme_id: str, owner_id: str) -> list[Received]:
    """All that campaigns of a programme gave to somebody, the latest first."""
    rows = session.execute(
        select(
            Campaign.name,
            CampaignUse.discount_minor,
            CampaignUse.points,
            CampaignUse.effects,
            CampaignUse.used_at,
            CampaignUse.taken_back_at,
        )
        .join(Campaign, Campaign.id == CampaignUse.campaign_id)
        .where(Campaign.programme_id == programme_id, CampaignUse.owner_id == owner_id)
        .order_by(CampaignUse.used_at.desc(), CampaignUse.id.desc())
    )
    return [
        Received(name, discount, points, _by_wallet(effects_of(effects)), used_at, taken_back_at)
        for name, discount, points, effects, used_at, taken_back_at in rows
    ]


def used_of(row: Campaign, of_owner: int) -> Used:
    """What a campaign counted, with how often somebody had it."""
    return Used(row.uses, of_owner, row.spent_minor, row.spent_points)


def summed(session: Session, campaign_ids: Sequence[str]) -> dict[str, Used]:
    """What the uses of campaigns sum to, without those taken back."""
    rows = session.execute(
        select(
            CampaignUse.campaign_id,
            _USES,
            func.sum(CampaignUse.discount_minor),
            func.sum(CampaignUse.points),
        )
        .where(CampaignUse.campaign_id.in_(campaign_ids), CampaignUse.taken_back_at.is_(None))
        .group_by(CampaignUse.campaign_id)
    )
    return {one: Used(uses, 0, int(minor), int(points)) for one, uses, minor, points in rows}


def _by_wallet(effects: Sequence[Effect]) -> dict[str, int]:
    return {wallet: points_in(effects, wallet) for wallet in WALLETS}


def effects_of(told: Sequence[Mapping[str, Any]]) -> tuple[Effect, ...]:
    """What a use gave, as it was written."""
    return tuple(Effect(**effect) for effect in told)


def _view(row: Campaign, given: Mapping[str, Used]) -> CampaignView:
    return CampaignView(
        row.id,
        row.name,
        row.state,  # type: ignore[arg-type]
        read_campaign(row.definition),
        row.starts_at,
        row.ends_at,
        given.get(row.id, Used()),
        row.created_at,
    )
