"""The stylist league, as an API: boards, standings, one's own rank and prizes."""

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint

from core import clock
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import StatementLine
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers.rules import VoucherView
from retail.brands import queries as brands
from retail.journeys.give_prize import PRIZE_REASON
from retail.league import queries
from retail.league.queries import LeagueBoard, MyRank, StandingsPage
from web.auth import current_member, find_member, guarded, settings
from web.openapi import schema_of
from web.schemas.boards import BoardQuery, StandingsQuery
from web.write import read


@dataclass(frozen=True)
class MyPrizes:
    """What a member has won: vouchers with their codes, points, and the balance of all points."""

    points_balance: int
    vouchers: tuple[VoucherView, ...]
    points_won: tuple[StatementLine, ...]


boards = guarded(Blueprint("boards", __name__, description="The stylist league"), "anyone")
my_league = guarded(
    Blueprint("my_league", __name__, description="A member in the stylist league"), "member"
)


@boards.get("/boards")
@read
@boards.arguments(BoardQuery, location="query")
@boards.response(200, schema_of(LeagueBoard)(many=True))
def list_boards(session: Any, query: dict[str, str]) -> list[LeagueBoard]:
    """Every board of a brand, with its running season."""
    brand = brands.get_brand_by_slug(session, query["brand"])
    return queries.boards_of(session, brand.id, now=clock.now())


@boards.get("/boards/<board_id>/standings")
@read
@boards.arguments(StandingsQuery, location="query")
@boards.response(200, schema_of(StandingsPage))
def show_standings(session: Any, page: dict[str, Any], board_id: str) -> StandingsPage:
    """The standings of a season, page by page: live, or frozen once it has closed."""
    member = find_member()
    viewer_id = member.id if member else None
    return queries.standings(session, board_id, viewer_id=viewer_id, **page, now=clock.now())


@my_league.get("/boards/<board_id>/me")
@read
@my_league.response(200, schema_of(MyRank))
def show_my_rank(session: Any, board_id: str) -> MyRank:
    """One's own rank with two neighbours on each side, and the gap to a prize."""
    member = current_member()
    board = queries.get_board(session, board_id, brand_id=member.brand_id)
    return queries.my_rank(session, board.id, member_id=member.id, now=clock.now())


@my_league.get("/me/prizes")
@read
@my_league.response(200, schema_of(MyPrizes))
def list_my_prizes(session: Any) -> MyPrizes:
    """One's vouchers, the points won in the league, and all points together."""
    brand_id, member_id, now = current_member().brand_id, current_member().id, clock.now()
    found = vouchers.vouchers_of(session, brand_id, member_id, now=now, key=settings().key)
    lines = ledger.statement(session, brand_id, member_id, limit=200)
    won = tuple(line for line in lines if line.reason == PRIZE_REASON)
    return MyPrizes(ledger.balance(session, brand_id, member_id), tuple(found), won)
