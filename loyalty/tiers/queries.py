"""Reads of ladders and of where members stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.sql import ends_below
from loyalty.tiers.models import TierChange, TierLadder, TierStanding
from loyalty.tiers.rules import Ladder
from loyalty.tiers.stored import read

# Read with every credit and every return: built once, since building takes longer than reading.
_LADDERS = (
    select(
        TierLadder.version,
        TierLadder.definition,
        TierLadder.published_at,
        TierLadder.published_by,
    )
    .where(TierLadder.programme_id == bindparam("programme_id"))
    .order_by(TierLadder.version.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class LadderView:
    """A version of the ladder, since when it was in force, and who published it.

    `published_by` is None for a command.
    """

    version: int
    ladder: Ladder
    published_at: datetime
    published_by: str | None


@dataclass(frozen=True)
class ChangeView:
    """A rise or a fall of somebody, by the codes of tiers; `before` is None at the beginning."""

    before: str | None
    tier: str
    is_up: bool
    noticed_at: datetime


@dataclass(frozen=True)
class NoticedChange:
    """A change by its id, the code of the tier to which it led, and when it was noticed."""

    id: str
    tier: str
    noticed_at: datetime


def find_ladder(session: Session, programme_id: str) -> LadderView | None:
    """The ladder of a programme, if it has tiers."""
    return next(iter(versions(session, programme_id, most=1)), None)


def versions(session: Session, programme_id: str, *, most: int = 50) -> list[LadderView]:
    """The latest ladders of a programme, the one in force first."""
    rows = session.execute(_LADDERS, {"programme_id": programme_id, "most": most})
    return [
        LadderView(row.version, read(row.definition), row.published_at, row.published_by)
        for row in rows
    ]


def find_tier(session: Session, programme_id: str, owner_id: str) -> str | None:
    """The code of the tier in which somebody stood when it was last worked out."""
    return session.scalar(
        select(TierStanding.tier).where(
            TierStanding.programme_id == programme_id, TierStanding.owner_id == owner_id
        )
    )


def due(session: Session, programme_id: str, *, now: datetime, most: int) -> list[str]:
    """Whose standing has to be worked out again: it ran out, or is of an older ladder."""
    newest = (
        select(func.max(TierLadder.version))
        .where(TierLadder.programme_id == programme_id)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(TierStanding.owner_id)
        .where(
            TierStanding.programme_id == programme_id,
            (TierStanding.review_at <= now) | (TierStanding.version < newest),
        )
        .order_by(TierStanding.owner_id)
        .limit(most)
    )
    return list(rows)


def stand(session: Session, programme_id: str, *, tail: str | None = None) -> list[tuple[str, str]]:
    """Everybody who stands somewhere, or whose id ends below `tail`, with their tier’s code."""
    where = [TierStanding.programme_id == programme_id]
    if tail is not None:
        where.append(ends_below(TierStanding.owner_id, tail))
    rows = session.execute(
        select(TierStanding.owner_id, TierStanding.tier)
        .where(*where)
        .order_by(TierStanding.owner_id)
    )
    return [(row.owner_id, row.tier) for row in rows]


def counts(session: Session, programme_id: str) -> dict[str, int]:
    """How many stand in each tier, by code."""
    rows = session.execute(
        select(TierStanding.tier, func.count())
        .where(TierStanding.programme_id == programme_id)
        .group_by(TierStanding.tier)
    )
    return {row.tier: int(row[1]) for row in rows}


def noticed(session: Session, programme_id: str, owner_id: str) -> list[NoticedChange]:
    """How somebody rose and fell, the latest first; the last is where they began."""
    rows = session.execute(
        select(TierChange.id, TierChange.tier, TierChange.noticed_at)
        .where(TierChange.programme_id == programme_id, TierChange.owner_id == owner_id)
        .order_by(TierChange.noticed_at.desc(), TierChange.id.desc())
    )
    return [NoticedChange(*row) for row in rows]


def changes(session: Session, programme_id: str, owner_id: str) -> list[ChangeView]:
    """How somebody rose and fell, the latest first."""
    rows = session.execute(
        select(TierChange.before, TierChange.tier, TierChange.is_up, TierChange.noticed_at)
        .where(TierChange.programme_id == programme_id, TierChange.owner_id == owner_id)
        .order_by(TierChange.noticed_at.desc(), TierChange.id.desc())
    )
    return [ChangeView(*row) for row in rows]
