"""The stylist league, as an API: boards, standings, one's own rank and prizes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core import clock
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import BoardKind
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import StatementLine
from loyalty.prizes import queries as prizes
from loyalty.vouchers import queries as vouchers
from loyalty.vouchers.rules import VoucherView
from retail.brands import queries as brands
from retail.fairness import queries as fairness
from retail.fairness import service as fairness_service
from retail.fairness.queries import MyCase
from retail.fairness.rules import FairPlay
from retail.journeys.league.give_prize import PRIZE_REASON, accept_invitation, hand_over
from retail.league import queries
from retail.league.queries import LeagueBoard, MyRank, StandingsPage
from web.auth import current_key, current_member, find_member, guarded, settings
from web.openapi import schema_of
from web.pages.shopper.awards import ShownAward, shown_awards
from web.schemas.boards import BoardQuery, StandingsQuery
from web.schemas.reviews import AppealWords, GiftCode
from web.write import read, write


@dataclass(frozen=True)
class BoardRules:
    """The rules of a board. A season closes at midnight of `zone`; closed, it never changes.

    A look from a late receipt counts from when it is published, in the season then open. Level
    scores go to whoever got there first.
    """

    board_id: str
    kind: BoardKind
    zone: str
    newcomer_days: int | None
    fair_play: FairPlay


@dataclass(frozen=True)
class HandedOver:
    """A gift that was collected."""

    title: str
    collected_at: datetime


@dataclass(frozen=True)
class MyPrizes:
    """What a member has won: vouchers with their codes, points, and the balance of all points.

    `awards` are gifts with their codes, invitations, and prizes that wait for their release.
    """

    points_balance: int
    vouchers: tuple[VoucherView, ...]
    points_won: tuple[StatementLine, ...]
    awards: tuple[ShownAward, ...]


gifts = guarded(Blueprint("gifts", __name__, description="Gifts won in the league"), "till")
boards = guarded(Blueprint("boards", __name__, description="The league"), "anyone")
my_league = guarded(
    Blueprint("my_league", __name__, description="A member in the league"), "member"
)


@boards.get("/boards")
@read
@boards.arguments(BoardQuery, location="query")
@boards.response(200, schema_of(LeagueBoard)(many=True))
def list_boards(session: Any, query: dict[str, str]) -> list[LeagueBoard]:
    """Every board of a brand, with its running season."""
    brand = brands.get_brand_by_slug(session, query["brand"])
    return queries.boards_of(session, brand.id, now=clock.now())


@boards.get("/boards/<board_id>/rules")
@read
@boards.response(200, schema_of(BoardRules))
def show_rules(session: Any, board_id: str) -> BoardRules:
    """What takes part, what counts and what is looked at more closely, as numbers."""
    board = leaderboards.get_board(session, board_id)
    play = fairness.rules_of(session, board.programme_id)
    days = board.newcomer_days if board.kind == "newcomers" else None
    return BoardRules(board.id, board.kind, board.zone, days, play)


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
    return MyPrizes(
        ledger.balance(session, brand_id, member_id), tuple(found), won, awards_of(session)
    )


@my_league.get("/me/reviews")
@read
@my_league.response(200, schema_of(MyCase)(many=True))
def list_my_reviews(session: Any) -> list[MyCase]:
    """Likes of one's looks that were held back: how many, till when, and what came of it."""
    return fairness.cases_of(session, current_member().id)


@my_league.post("/me/reviews/<case_id>/appeal")
@write
@my_league.arguments(AppealWords)
@my_league.response(204)
def appeal(session: Any, given: dict[str, str], case_id: str) -> None:
    """Ask once for a second look at likes that don't count."""
    me = current_member()
    mine = {"member_id": me.id, "brand_id": me.brand_id, "words": given["words"]}
    fairness_service.appeal(session, case_id, now=clock.now(), **mine)


@my_league.post("/me/prizes/<award_id>/accept")
@write
@my_league.response(204)
def accept(session: Any, award_id: str) -> None:
    """Say yes to one's own invitation."""
    me, now = current_member(), clock.now()
    accept_invitation(session, award_id, brand_id=me.brand_id, member_id=me.id, now=now)


@gifts.post("/gifts/collect")
@write
@gifts.arguments(GiftCode)
@gifts.response(200, schema_of(HandedOver))
def collect_gift(session: Any, given: dict[str, str]) -> HandedOver:
    """Confirm at a till that a winner has their gift; its code works once."""
    key, when = current_key(), {"now": clock.now(), "key": settings().key}
    gift = hand_over(session, given["code"], brand_id=key.brand_id, by_id=key.id, **when)
    return HandedOver(gift.worth.title, gift.settled_at or clock.now())


def awards_of(session: Any) -> tuple[ShownAward, ...]:
    """One's own prizes on their way."""
    me = current_member()
    found = prizes.awards_of(session, me.brand_id, me.id)
    return tuple(shown_awards(found, now=clock.now(), key=settings().key))
