"""Reading the ranks at the beginning of a day."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loyalty.leaderboards.earlier.models import EarlierRank


def earlier_ranks(session: Session, season_id: str) -> dict[str, int]:
    """The ranks of the best when the day of the last change began, by owner."""
    rows = session.execute(
        select(EarlierRank.owner_id, EarlierRank.rank).where(EarlierRank.season_id == season_id)
    )
    return {row.owner_id: row.rank for row in rows}


def export(session: Session, owner_id: str) -> list[dict[str, Any]]:
    """An owner's own ranks, for themselves."""
    rows = session.execute(
        select(EarlierRank.season_id, EarlierRank.rank)
        .where(EarlierRank.owner_id == owner_id)
        .order_by(EarlierRank.season_id)
    )
    return [dict(row._mapping) for row in rows]
