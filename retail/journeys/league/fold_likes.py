"""Fold likes: count what was liked since the last time into totals and live standings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import close_gate
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards import service as boards
from loyalty.leaderboards.earlier import service as earlier
from loyalty.leaderboards.rules import SeasonView, is_newcomer
from retail.accounts import queries as accounts
from retail.fairness import service as fairness
from retail.journeys.league.judge_likes import judge_likes
from retail.journeys.league.score_purchases import credit_of
from retail.journeys.league.tell_of_likes import tell_of_likes
from retail.social import queries as social
from retail.social import scores
from retail.social import service as likes
from retail.social.rules import ScoreChange, Tally, fold_gate


@dataclass(frozen=True)
class BoardChanged:
    """Somebody's score on the board changed."""

    board_id: str


@dataclass(frozen=True)
class _Rise:
    """What a season gains or loses for one owner; `is_pure` when nothing was taken back."""

    delta: int
    reached_at: datetime
    is_pure: bool


def has_likes_to_fold(session: Session, now: datetime) -> bool:  # noqa: ARG001 (as every tick)
    """Whether anything was liked since the last fold."""
    return bool(social.brands_to_fold(session))


def fold_likes(session: Session, now: datetime) -> None:
    """Count every waiting like once: into the outfits' totals and into each open season it is in.

    A like of a closed season changes totals only.
    """
    for brand_id in social.brands_to_fold(session):
        fold_brand(session, brand_id, now=now)


def fold_brand(session: Session, brand_id: str, *, now: datetime) -> None:
    """Count the waiting likes of one brand, those that score into its standings."""
    close_gate(session, fold_gate(brand_id))
    tell_of_likes(session, brand_id)
    changes = [*likes.fold(session, brand_id), *judge_likes(session, brand_id, now=now)]
    if not changes:
        return
    fairness.ask_for_scan(session, brand_id, now=now)
    owners = {c.stylist_id for c in changes} | {c.outfit_id for c in changes}
    enlisted = leaderboards.enlisted(session, brand_id, owners)
    joined = _joined(session, changes)
    near = defaultdict(list)
    for change in changes:
        near[change.store_id].append(change)
        near[brand_id].append(change)
    # The order in which every transaction that scores in several seasons locks them.
    for season in sorted(leaderboards.unclosed_seasons(session, brand_id), key=lambda s: s.id):
        rises = _within(season, near.get(season.scope_id, []), enlisted, joined)
        if rises:
            earlier.keep_ranks(session, season, now=now)
            _score(session, season, rises)


def tally_of(season: SeasonView) -> Tally:
    """Which likes a season counts, and for whom."""
    return Tally(
        season.programme_id,
        "outfit" if season.kind == "outfits" else "stylist",
        season.scope_id if season.scope_kind == "store" else None,
        season.starts_at,
        season.ends_at,
    )


def board_topics(season: SeasonView) -> list[str]:
    """Whom a change of the season's board concerns."""
    return [f"board:{season.board_id}"]


def _joined(session: Session, changes: Iterable[ScoreChange]) -> dict[str, datetime]:
    stylists = accounts.members_by_id(session, {change.stylist_id for change in changes})
    return {member.id: member.joined_at for member in stylists.values()}


def _within(
    season: SeasonView,
    changes: Sequence[ScoreChange],
    enlisted: set[str],
    joined: dict[str, datetime],
) -> dict[str, _Rise]:
    rises: dict[str, _Rise] = {}
    for change in changes:
        owner_id = change.outfit_id if season.kind == "outfits" else change.stylist_id
        joined_at = joined.get(change.stylist_id)
        if owner_id not in enlisted or joined_at is None:
            continue
        if season.kind == "newcomers" and not is_newcomer(season, joined_at):
            continue
        if not season.starts_at <= change.counted_at < season.ends_at:
            continue
        before = rises.get(owner_id, _Rise(0, change.counted_at, is_pure=True))
        rises[owner_id] = _Rise(
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
    emit(session, BoardChanged(season.board_id), topics=board_topics(season))


def _correct(session: Session, season: SeasonView, owner_id: str, delta: int) -> None:
    """Where likes were taken back, the score was reached with the last of those that remain."""
    standing = leaderboards.rank_of(session, season.id, owner_id)
    score = (standing.score if standing else 0) + delta
    boards.set_score(
        session,
        season_id=season.id,
        owner_id=owner_id,
        score=score,
        reached_at=max(
            scores.last_counted_at(session, tally_of(season), owner_id) or season.starts_at,
            credit_of(session, season, owner_id)[1] or season.starts_at,
        ),
    )
