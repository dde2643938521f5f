"""All that the boards keep about one owner, for themselves."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from loyalty.leaderboards.earlier import queries as earlier
from loyalty.leaderboards.models import (
    FinalStanding,
    Participant,
    PrizeGrant,
    ScoreCorrection,
    Season,
    Standing,
)


def export(session: Session, programme_id: str, owner_id: str) -> dict[str, Any]:
    """Since when they are ranked, where they stand and stood, what of it they lost, and won."""
    statements = {
        "ranked_since": select(Participant.joined_at).where(
            Participant.programme_id == programme_id, Participant.owner_id == owner_id
        ),
        "running": select(Season.starts_at, Season.ends_at, Standing.score, Standing.reached_at)
        .join(Season, Season.id == Standing.season_id)
        .where(Season.programme_id == programme_id, Standing.owner_id == owner_id)
        .order_by(Season.starts_at, Season.id),
        "closed": select(Season.starts_at, Season.ends_at, FinalStanding.rank, FinalStanding.score)
        .join(Season, Season.id == FinalStanding.season_id)
        .where(Season.programme_id == programme_id, FinalStanding.owner_id == owner_id)
        .order_by(Season.starts_at, Season.id),
        "lost_since": select(Season.ends_at, ScoreCorrection.delta, ScoreCorrection.noted_at)
        .join(Season, Season.id == ScoreCorrection.season_id)
        .where(Season.programme_id == programme_id, ScoreCorrection.owner_id == owner_id)
        .order_by(ScoreCorrection.noted_at, ScoreCorrection.source),
        "prizes": select(Season.ends_at, PrizeGrant.place, PrizeGrant.kind, PrizeGrant.granted_at)
        .join(Season, Season.id == PrizeGrant.season_id)
        .where(Season.programme_id == programme_id, PrizeGrant.owner_id == owner_id)
        .order_by(PrizeGrant.granted_at, PrizeGrant.source),
    }
    rows = {
        name: [dict(row._mapping) for row in session.execute(statement)]
        for name, statement in statements.items()
    }
    return {**rows, "ranks_when_the_day_began": earlier.export(session, owner_id)}
