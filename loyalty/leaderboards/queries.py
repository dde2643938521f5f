"""Reading boards, seasons, live standings and finals."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, ScalarSelect, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.leaderboards.calendar import Cadence
from loyalty.leaderboards.models import (
    Board,
    FinalStanding,
    Participant,
    Season,
    Standing,
)
from loyalty.leaderboards.ranks import rank, with_ranks
from loyalty.leaderboards.rules import (
    BoardKind,
    BoardView,
    Final,
    RankView,
    ScopeKind,
    SeasonView,
    StandingView,
    prizes_from_json,
)

_SEASON = (
    select(
        Season.id,
        Season.board_id,
        Season.programme_id,
        Board.scope_kind,
        Board.scope_id,
        Board.cadence,
        Board.kind,
        Board.zone,
        Season.starts_at,
        Season.ends_at,
        Season.closed_at,
        Season.like_weight,
        Season.purchase_weight,
        Season.newcomer_days,
        Season.prizes,
    )
    .join(Board, Board.id == Season.board_id)
    .order_by(Season.starts_at, Season.id)
)
# Score, reached at and owner of a standing: its place in the order.
Seen = tuple[int, datetime, str]
_STANDING = select(Standing.owner_id, Standing.score, Standing.reached_at)
_BEST_FIRST = (Standing.score.desc(), Standing.reached_at, Standing.owner_id)
_WORST_FIRST = (Standing.score, Standing.reached_at.desc(), Standing.owner_id.desc())
# Read with every board that is shown: built once, since building takes longer than reading.
_UNCLOSED = _SEASON.where(
    Season.programme_id == bindparam("programme_id"), Season.closed_at.is_(None)
)
_TOP = (
    _STANDING.where(Standing.season_id == bindparam("season_id"))
    .order_by(*_BEST_FIRST)
    .limit(bindparam("most"))
)


def get_board(session: Session, board_id: str) -> BoardView:
    """A board. Raises NotFound."""
    board = session.get(Board, board_id)
    if board is None:
        raise NotFound("board_not_found", "This board isn’t here.")
    return _board_view(board)


def find_board(
    session: Session,
    programme_id: str,
    *,
    scope_kind: ScopeKind,
    scope_id: str,
    cadence: Cadence,
    kind: BoardKind = "stylists",
) -> BoardView | None:
    """The board of this scope, cadence and kind, if it was opened."""
    scope = {"scope_kind": scope_kind, "scope_id": scope_id, "cadence": cadence, "kind": kind}
    board = session.scalar(select(Board).filter_by(programme_id=programme_id, **scope))
    return None if board is None else _board_view(board)


def boards(session: Session, programme_id: str) -> list[BoardView]:
    """All boards of a programme, in the order in which they were opened."""
    rows = select(Board).where(Board.programme_id == programme_id).order_by(Board.id)
    return [_board_view(board) for board in session.scalars(rows)]


def get_season(session: Session, season_id: str) -> SeasonView:
    """A season. Raises NotFound."""
    found = _seasons(session, _SEASON.where(Season.id == season_id))
    if not found:
        raise NotFound("season_not_found", "This season isn’t here.")
    return found[0]


def find_season(session: Session, board_id: str, at: datetime) -> SeasonView | None:
    """The season of a board that holds the instant `at`."""
    found = seasons_after(session, board_id, at)
    return found[0] if found and found[0].starts_at <= at else None


def seasons_after(session: Session, board_id: str, at: datetime) -> list[SeasonView]:
    """The seasons of a board that end after the instant `at`, in order."""
    return _seasons(session, _SEASON.where(Season.board_id == board_id, Season.ends_at > at))


def latest_season(session: Session, board_id: str) -> SeasonView | None:
    """The season of a board that starts last, also where that is still to come."""
    latest = select(func.max(Season.starts_at)).where(Season.board_id == board_id)
    found = _seasons(
        session,
        _SEASON.where(Season.board_id == board_id, Season.starts_at == latest.scalar_subquery()),
    )
    return found[0] if found else None


def latest_closed_season(session: Session, board_id: str) -> SeasonView | None:
    """The season of a board that was closed last."""
    closed = _SEASON.where(Season.board_id == board_id, Season.closed_at.is_not(None))
    found = _seasons(session, closed.order_by(None).order_by(Season.ends_at.desc()).limit(1))
    return found[0] if found else None


def open_seasons(session: Session, programme_id: str, at: datetime) -> list[SeasonView]:
    """The seasons, not closed, of all boards of a programme that hold the instant `at`."""
    return _seasons(
        session,
        _SEASON.where(
            Season.programme_id == programme_id,
            Season.closed_at.is_(None),
            Season.starts_at <= at,
            Season.ends_at > at,
        ),
    )


def due_seasons(session: Session, now: datetime) -> list[SeasonView]:
    """The seasons of every programme that are over and not closed."""
    return _seasons(session, _SEASON.where(Season.closed_at.is_(None), Season.ends_at <= now))


def unclosed_seasons(
    session: Session, programme_id: str, *, board_id: str | None = None
) -> list[SeasonView]:
    """The seasons of a programme, or one of its boards, not closed: over, running or to come."""
    found = _UNCLOSED if board_id is None else _UNCLOSED.where(Season.board_id == board_id)
    return _seasons(session, found, programme_id=programme_id)


def closed_seasons(
    session: Session, programme_id: str, *, since: datetime, until: datetime
) -> list[SeasonView]:
    """The closed seasons of a programme that hold an instant of [since, until], in order."""
    return _seasons(
        session,
        _SEASON.where(
            Season.programme_id == programme_id,
            Season.closed_at.is_not(None),
            Season.starts_at <= until,
            Season.ends_at > since,
        ),
    )


def closed_end_after(programme_id: Any, instant: Any) -> ScalarSelect[datetime]:
    """The latest end, after an instant, of a closed season; for the selects of others."""
    is_closed = (Season.programme_id == programme_id) & Season.closed_at.is_not(None)
    latest = select(func.max(Season.ends_at)).where(is_closed, Season.ends_at > instant)
    return latest.scalar_subquery()


def latest_closed_end_after(session: Session, programme_id: str, now: datetime) -> datetime | None:
    """The latest end, after `now`, of a closed season; None as long as clocks agree."""
    return session.scalar(select(closed_end_after(programme_id, now)))


def enlisted(session: Session, programme_id: str, owner_ids: Collection[str]) -> set[str]:
    """Which of these owners agreed to be ranked."""
    return set(
        session.scalars(
            select(Participant.owner_id).where(
                Participant.programme_id == programme_id, Participant.owner_id.in_(owner_ids)
            )
        )
    )


def top(
    session: Session, season_id: str, limit: int = 50, *, after: Seen | None = None
) -> list[StandingView]:
    """The best of a season that is not closed, best first, or the best after one already seen."""
    rows, given = _TOP, {"season_id": season_id, "most": limit}
    if after is not None:
        score, *tie = after
        is_later = tuple_(Standing.reached_at, Standing.owner_id) > tuple_(*tie)
        rows = rows.where(Standing.score <= score, or_(Standing.score < score, is_later))
    return with_ranks(session, season_id, session.execute(rows, given).all())


def rank_of(session: Session, season_id: str, owner_id: str) -> RankView | None:
    """An owner's rank in a season that is not closed; None for who has no score in it."""
    own = _own(session, season_id, owner_id)
    if own is None:
        return None
    prizes = get_season(session, season_id).prizes
    gap = None
    if prizes:
        winners = top(session, season_id, limit=prizes[-1].place)
        wins = len(winners) < prizes[-1].place or any(w.owner_id == owner_id for w in winners)
        # Level scores go to whoever was first, so drawing level does not do.
        gap = 0 if wins else winners[-1].score - own.score + 1
    return RankView(rank(session, season_id, own.score), own.score, gap)


def neighbours(
    session: Session, season_id: str, owner_id: str, each_side: int = 2
) -> list[StandingView]:
    """An owner's row with those next to it, best first; nobody for who has no score."""
    own = _own(session, season_id, owner_id)
    if own is None:
        return []
    season = _STANDING.where(Standing.season_id == season_id)
    level = season.where(Standing.score == own.score)
    tie_break = tuple_(Standing.reached_at, Standing.owner_id)
    place = tuple_(own.reached_at, own.owner_id)
    # Level and not level apart: each is one short walk along the index.
    above = _take(
        session,
        each_side,
        level.where(tie_break < place).order_by(*_WORST_FIRST),
        season.where(Standing.score > own.score).order_by(*_WORST_FIRST),
    )
    below = _take(
        session,
        each_side,
        level.where(tie_break > place).order_by(*_BEST_FIRST),
        season.where(Standing.score < own.score).order_by(*_BEST_FIRST),
    )
    return with_ranks(session, season_id, [*reversed(above), own, *below])


def final(
    session: Session,
    season_id: str,
    *,
    places: Collection[int] | None = None,
    owner_id: str | None = None,
) -> list[Final]:
    """The frozen standings of a closed season by place: all, or these places, or this owner's."""
    columns = [getattr(FinalStanding, field.name) for field in fields(Final)]
    where = [FinalStanding.season_id == season_id]
    if places is not None:
        where.append(FinalStanding.place.in_(places))
    if owner_id is not None:
        where.append(FinalStanding.owner_id == owner_id)
    statement = select(*columns).where(*where).order_by(FinalStanding.place)
    return [Final(*row) for row in session.execute(statement)]


def _own(session: Session, season_id: str, owner_id: str) -> Row[str, int, datetime] | None:
    return session.execute(
        _STANDING.where(Standing.season_id == season_id, Standing.owner_id == owner_id)
    ).one_or_none()


def _take(session: Session, limit: int, *walks: Select[*tuple[Any, ...]]) -> list[Any]:
    rows: list[Any] = []
    for walk in walks:
        if len(rows) < limit:
            rows += session.execute(walk.limit(limit - len(rows))).all()
    return rows


def _seasons(
    session: Session, statement: Select[*tuple[Any, ...]], **given: str
) -> list[SeasonView]:
    return [
        SeasonView(**{**row._mapping, "prizes": prizes_from_json(row.prizes)})
        for row in session.execute(statement, given)
    ]


def _board_view(board: Board) -> BoardView:
    values = {field.name: getattr(board, field.name) for field in fields(BoardView)}
    return BoardView(**values | {"prizes": prizes_from_json(board.prizes)})
