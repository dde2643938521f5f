"""Fold likes: count what was liked since the last time into totals and live standings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import close_gate
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.rules import SeasonView
from retail.journeys.tell_of_likes import tell_of_likes
from retail.social import queries as social
from retail.social import service as likes
from retail.social.rules import ScoreChange, fold_gate


@dataclass(frozen=True)
class BoardChanged:
    """Somebody's score on the board changed."""

    board_id: str


@dataclass(frozen=True)
class _Rise:
    """What a season gains or loses for one stylist; `is_pure` when nothing was taken back."""

    delta: int
    reached_at: datetime
    is_pure: bool


def has_likes_to_fold(session: Session, now: datetime) -> bool:  # noqa: ARG001 (as every tick)
    """Whether anything was liked since the last fold."""
    return bool(social.brands_to_fold(session))


def fold_likes(session: Session, now: datetime) -> None:  # noqa: ARG001 (as every tick)
    """Count every waiting like once: into the outfits' totals and into each open season it is in.

    A like of a closed season changes totals only.
    """
    for brand_id in social.brands_to_fold(session):
        fold_brand(session, brand_id)


def fold_brand(session: Session, brand_id: str) -> None:
    """Count the waiting likes of one brand."""
    close_gate(session, fold_gate(brand_id))
    tell_of_likes(session, brand_id)
    changes = likes.fold(session, brand_id)
    enlisted = leaderboards.enlisted(session, brand_id, {c.stylist_id for c in changes})
    counting = [change for change in changes if change.stylist_id in enlisted]
    if not counting:
        return
    # The order in which every transaction that scores in several seasons locks them.
    seasons = sorted(leaderboards.unclosed_seasons(session, brand_id), key=lambda s: s.id)
    for season in seasons:
        _score(session, season, _within(season, counting))


def board_topics(season: SeasonView) -> list[str]:
    """Whom a change of the season's board concerns."""
    return [f"board:{season.board_id}"]


def _within(season: SeasonView, changes: Iterable[ScoreChange]) -> dict[str, _Rise]:
    rises: dict[str, _Rise] = {}
    for change in changes:
        is_in_scope = season.scope_kind == "brand" or change.store_id == season.scope_id
        if not is_in_scope or not season.starts_at <= change.counted_at < season.ends_at:
            continue
        before = rises.get(change.stylist_id, _Rise(0, change.counted_at, is_pure=True))
        rises[change.stylist_id] = _Rise(
            before.delta + change.delta,
            max(before.reached_at, change.counted_at),
            before.is_pure and change.delta > 0,
        )
    return rises


def _score(session: Session, season: SeasonView, rises: dict[str, _Rise]) -> None:
    for owner_id, rise in sorted(rises.items()):
        if rise.is_pure:
            boards.add_score(
                session,
                season_id=season.id,
                owner_id=owner_id,
                delta=rise.delta * season.like_weight,
                reached_at=rise.reached_at,
            )
        else:
            _correct(session, season, owner_id, rise.delta * season.like_weight)
    if rises:
        emit(session, BoardChanged(season.board_id), topics=board_topics(season))


def _correct(session: Session, season: SeasonView, owner_id: str, delta: int) -> None:
    """Where likes were taken back, the score was reached with the last of those that remain."""
    standing = leaderboards.rank_of(session, season.id, owner_id)
    score = (standing.score if standing else 0) + delta
    reached_at = social.last_counted_at(
        session,
        season.programme_id,
        owner_id,
        store_id=season.scope_id if season.scope_kind == "store" else None,
        starts_at=season.starts_at,
        ends_at=season.ends_at,
    )
    boards.set_score(
        session,
        season_id=season.id,
        owner_id=owner_id,
        score=score,
        reached_at=reached_at or season.starts_at,
    )
