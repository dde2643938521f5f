"""Reads of the stylist league. Who does not agree any more is left out, of closed seasons too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.calendar import Cadence
from loyalty.leaderboards.queries import Seen
from loyalty.leaderboards.rules import (
    BoardKind,
    BoardView,
    Prize,
    ScopeKind,
    SeasonView,
    StandingView,
    offered,
)
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.rules import LEAGUE
from retail.league import cursor
from retail.outfits import queries as outfits


@dataclass(frozen=True)
class LeagueSeason:
    """A season in [starts_at, ends_at), what its score is made of and what its places win."""

    id: str
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    like_weight: int
    purchase_weight: int
    prizes: tuple[Prize, ...]


@dataclass(frozen=True)
class LeagueBoard:
    """A board of a brand or store, with the season that runs now."""

    id: str
    scope_kind: ScopeKind
    scope_id: str
    name: str
    cadence: Cadence
    kind: BoardKind
    zone: str
    season: LeagueSeason | None


@dataclass(frozen=True)
class LeagueRow:
    """A stylist on a board, by first name and initial. Level scores share a rank.

    On a board of looks a row is a look of the stylist, and has its `outfit_id`.
    """

    rank: int
    name: str
    initials: str
    avatar: int
    score: int
    is_me: bool
    outfit_id: str | None = None


@dataclass(frozen=True)
class StandingsPage:
    """Rows of a season, best first; `next_after` begins the next page and is null on the last."""

    board_id: str
    season: LeagueSeason
    rows: tuple[LeagueRow, ...]
    next_after: str | None


@dataclass(frozen=True)
class MyRank:
    """Where a member stands, with the rows beside theirs; `rank` is null without a score.

    `gap_to_prize` is the score still missing to a prize: 0 for who holds one.
    """

    board_id: str
    season: LeagueSeason
    is_enlisted: bool
    rank: int | None
    score: int
    gap_to_prize: int | None
    rows: tuple[LeagueRow, ...]


class _Standing(Protocol):
    @property
    def owner_id(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def score(self) -> int: ...


def boards_of(session: Session, brand_id: str, *, now: datetime) -> list[LeagueBoard]:
    """Every board of a brand with its running season."""
    stores = {store.id: store.name for store in brands.list_stores(session, brand_id)}
    names = stores | {brand_id: brands.get_brand(session, brand_id).name}
    seasons = {
        season.board_id: _season(season)
        for season in leaderboards.open_seasons(session, brand_id, now)
    }
    return [
        LeagueBoard(
            board.id,
            board.scope_kind,
            board.scope_id,
            names[board.scope_id],
            board.cadence,
            board.kind,
            board.zone,
            seasons.get(board.id),
        )
        for board in leaderboards.boards(session, brand_id)
    ]


def standings(
    session: Session,
    board_id: str,
    *,
    season_id: str | None = None,
    viewer_id: str | None = None,
    after: str | None = None,
    limit: int = 50,
    now: datetime,
) -> StandingsPage:
    """A page of a season's standings, live or frozen; the running season where none is named.

    Raises NotFound, and Invalid for a cursor that is not ours.
    """
    season = _asked_season(session, board_id, season_id, now)
    if season.closed_at is not None:
        first = cursor.read_place(after) + 1
        finals = leaderboards.final(session, season.id, places=range(first, first + limit))
        following = cursor.of_place(finals[-1].place) if len(finals) == limit else None
        rows = _rows(session, season, finals, viewer_id)
    else:
        live = leaderboards.top(session, season.id, limit, after=cursor.read_standing(after))
        following = cursor.of_standing(_seen(live[-1])) if len(live) == limit else None
        rows = _rows(session, season, live, viewer_id)
    return StandingsPage(board_id, _season(season), rows, following)


def my_rank(session: Session, board_id: str, *, member_id: str, now: datetime) -> MyRank:
    """A member's own rank in the running season, with two rows on each side. Raises NotFound."""
    season = _asked_season(session, board_id, None, now)
    standing = leaderboards.rank_of(session, season.id, member_id)
    near = leaderboards.neighbours(session, season.id, member_id)
    enlisted = leaderboards.enlisted(session, season.programme_id, {member_id})
    return MyRank(
        board_id=board_id,
        season=_season(season),
        is_enlisted=member_id in enlisted,
        rank=standing.rank if standing else None,
        score=standing.score if standing else 0,
        gap_to_prize=standing.gap_to_prize if standing else None,
        rows=_rows(session, season, near, member_id),
    )


def get_board(session: Session, board_id: str, *, brand_id: str) -> BoardView:
    """A board of the brand. Raises NotFound for those of others."""
    board = leaderboards.get_board(session, board_id)
    if board.programme_id != brand_id:
        raise _board_not_found()
    return board


def _asked_season(
    session: Session, board_id: str, season_id: str | None, now: datetime
) -> SeasonView:
    if season_id is None:
        season = leaderboards.find_season(session, board_id, now)
    else:
        season = leaderboards.get_season(session, season_id)
    if season is None or season.board_id != board_id:
        raise _board_not_found()
    return season


def _board_not_found() -> NotFound:
    return NotFound("board_not_found", "This board isn’t here.")


def _seen(standing: StandingView) -> Seen:
    return standing.score, standing.reached_at, standing.owner_id


def _season(season: SeasonView) -> LeagueSeason:
    return LeagueSeason(
        season.id,
        season.starts_at,
        season.ends_at,
        season.closed_at,
        season.like_weight,
        season.purchase_weight,
        tuple(map(offered, season.prizes)),
    )


def _rows(
    session: Session,
    season: SeasonView,
    standings: Sequence[_Standing],
    viewer_id: str | None,
) -> tuple[LeagueRow, ...]:
    owners = [standing.owner_id for standing in standings]
    stylists = {owner: owner for owner in owners}
    if season.kind == "outfits":
        found = outfits.public_outfits(session, season.programme_id, owners)
        stylists = {look.id: look.member_id for look in found}
    agreeing = consent.consenting(session, set(stylists.values()), LEAGUE)
    members = accounts.members_by_id(session, agreeing)
    return tuple(
        LeagueRow(
            rank=standing.rank,
            name=member.public_name,
            initials=member.initials,
            avatar=member.avatar,
            score=standing.score,
            is_me=member.id == viewer_id,
            outfit_id=standing.owner_id if season.kind == "outfits" else None,
        )
        for standing in standings
        if (member := members.get(stylists.get(standing.owner_id, "")))
    )
