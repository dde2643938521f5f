"""Rank a look: have it stand on the boards of looks while everyone may see it, and no longer."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import close_gate
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.earlier import service as earlier
from loyalty.leaderboards.rules import SeasonView
from retail.journeys.league.fold_likes import BoardChanged, board_topics, tally_of
from retail.journeys.league.score_purchases import credit_of
from retail.outfits import queries as outfits
from retail.social import scores
from retail.social.rules import fold_gate

JOB = "rank_look"


def rank_look(session: Session, outfit_id: str, *, now: datetime) -> bool:
    """Enlist the look if everyone may see it and its stylist is in the league, else delist it.

    Repeated, it changes nothing. Tells whether the look is ranked.
    """
    look = outfits.find_ranked_by(session, outfit_id)
    if look is None:
        return False
    close_gate(session, fold_gate(look.brand_id))
    enlisted = leaderboards.enlisted(session, look.brand_id, {look.member_id})
    if not enlisted or not look.is_public:
        unrank(session, look.brand_id, outfit_id)
        return False
    if boards.enlist(session, look.brand_id, outfit_id, now=now):
        for season in sorted(leaderboards.unclosed_seasons(session, look.brand_id), key=_id):
            if season.kind == "outfits" and season.scope_id in (look.brand_id, look.store_id):
                rebuild(session, season, outfit_id)
    return True


def unrank(session: Session, brand_id: str, owner_id: str) -> None:
    """Take an owner off every board that is not closed. The caller holds the fold gate."""
    earlier.forget(session, owner_id)
    for board_id in boards.delist(session, brand_id, owner_id):
        emit(session, BoardChanged(board_id), topics=[f"board:{board_id}"])


def rebuild(session: Session, season: SeasonView, owner_id: str) -> None:
    """Make an owner's score their folded likes and credit. The caller holds the fold gate."""
    tally = tally_of(season)
    credit, credited_at = credit_of(session, season, owner_id)
    liked_at = scores.last_counted_at(session, tally, owner_id)
    instants = [at for at in (liked_at, credited_at) if at is not None]
    if not instants:
        return
    likes = scores.folded_score(session, tally, owner_id) if liked_at else 0
    boards.set_score(
        session,
        season_id=season.id,
        owner_id=owner_id,
        score=likes * season.like_weight + credit,
        reached_at=max(instants),
    )
    emit(session, BoardChanged(season.board_id), topics=board_topics(season))


def _id(season: SeasonView) -> str:
    return season.id
