"""Keeping the ranks at the beginning of a day.

They are copied before the first change of the day: since nothing had changed between midnight
and then, the copy is what midnight would have seen, and a quiet board costs nothing.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.days import day_start
from core.sql import insert_many, upsert
from loyalty.leaderboards import queries
from loyalty.leaderboards.earlier.models import EarlierRank, RankedDay
from loyalty.leaderboards.rules import SeasonView

KEPT_RANKS = 50


def keep_ranks(session: Session, season: SeasonView, *, now: datetime) -> bool:
    """Copy the best ranks of the season unless it was done today; tells whether it was now.

    The caller changes scores only after this, in the same transaction.
    """
    zone = ZoneInfo(season.zone)
    began_at = day_start(now.astimezone(zone).date(), zone)
    known = session.scalar(
        select(RankedDay.began_at).where(RankedDay.season_id == season.id).with_for_update()
    )
    if known is not None and known >= began_at:
        return False
    session.execute(delete(EarlierRank).where(EarlierRank.season_id == season.id))
    best = queries.top(session, season.id, KEPT_RANKS)
    rows = [{"season_id": season.id, "owner_id": row.owner_id, "rank": row.rank} for row in best]
    insert_many(session, EarlierRank, rows)
    upsert(session, RankedDay, {"season_id": season.id}, began_at=began_at)
    return True


def forget(session: Session, owner_id: str) -> None:
    """Drop every earlier rank of an owner who is ranked no longer."""
    session.execute(delete(EarlierRank).where(EarlierRank.owner_id == owner_id))
