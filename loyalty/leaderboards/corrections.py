"""Corrections of closed seasons: a place stays as it was frozen, and what it lost stands beside it.

Each cause is noted once, for ever; nothing here changes a final standing.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from loyalty.leaderboards import queries, rules
from loyalty.leaderboards.models import ScoreCorrection
from loyalty.leaderboards.rules import Final


def correct(
    session: Session, *, season_id: str, owner_id: str, delta: int, source: str, now: datetime
) -> bool:
    """Note, once for each source, by how much less an owner should have scored; `delta` is below 0.

    Tells whether that is new; whoever has no place in the season has nothing to lose.
    """
    if not queries.final(session, season_id, owner_id=owner_id):
        return False
    return insert_ignore(
        session,
        ScoreCorrection,
        season_id=season_id,
        owner_id=owner_id,
        source=source,
        delta=delta,
        noted_at=now,
    )


def corrected(session: Session, season_id: str) -> list[Final]:
    """Who would stand where in a closed season by what was noted since; who has no score, nowhere.

    The order is that of closing: higher score, then reached earlier, then smaller id.
    """
    lost = {
        owner_id: int(delta)
        for owner_id, delta in session.execute(
            select(ScoreCorrection.owner_id, func.sum(ScoreCorrection.delta))
            .where(ScoreCorrection.season_id == season_id)
            .group_by(ScoreCorrection.owner_id)
        )
    }
    frozen = queries.final(session, season_id)
    return list(
        rules.ranked(
            (one.owner_id, one.score + lost.get(one.owner_id, 0), one.reached_at) for one in frozen
        )
    )
