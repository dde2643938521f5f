"""Likes, boards, ranks and prizes over HTTP."""

from typing import Any

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import database
from loyalty.leaderboards.rules import Prize
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.journeys.league.opt_in import leave_league
from retail.journeys.league.season_close import close_due_seasons
from tests.builders.accounts import new_member, sign_in
from tests.builders.brands import new_store
from tests.builders.league import PRIZES, fold, like_times, new_league, ranked_outfit
from tests.conftest import both_databases
from web.auth import settings

pytestmark = both_databases

SCARF = Prize(4, "gift", value=2500, currency="GBP", title="Silk scarf")


class League:
    """A store with a league, two ranked looks of 3 and 1 likes, and a member who looks on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        with app.app_context(), database().write() as session:
            self.key = settings().key
            self.store = new_store(session)
            new_league(session, self.store.brand_id, (*PRIZES, SCARF))
            self.nina, self.look = ranked_outfit(session, self.store, display_name="Nina Okafor")
            self.bea, self.other = ranked_outfit(session, self.store, display_name="Bea Lind")
            like_times(session, self.look, self.store.brand_id, 3)
            like_times(session, self.other, self.store.brand_id, 1)
            fold(session)
            self.fan = new_member(session, self.store.brand_id)
            self.brand_slug = brands.get_brand(session, self.store.brand_id).slug

    def call(self, method: str, path: str, by: MemberView | None = None, **options: Any) -> Any:
        headers = {}
        if by is not None:
            with self.app.app_context(), database().write() as session:
                headers["Authorization"] = f"Bearer {sign_in(session, by, key=self.key)}"
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def board(self, kind: str = "store", cadence: str = "week") -> dict[str, Any]:
        found = self.call("GET", f"/boards?brand={self.brand_slug}").json
        (board,) = (b for b in found if (b["scope_kind"], b["cadence"]) == (kind, cadence))
        return dict(board)


@pytest.fixture
def league(app: Flask) -> League:
    return League(app)


def test_a_like_is_given_once_and_taken_back(league: League) -> None:
    path = f"/outfits/{league.look}/like"
    for _ in range(2):
        answer = league.call("PUT", path, by=league.fan)
        assert answer.json == {"outfit_id": league.look, "likes": 4, "is_liked": True}
    assert league.call("GET", f"/outfits/{league.look}", by=league.fan).json["is_liked"] is True
    assert league.call("DELETE", path, by=league.fan).json["likes"] == 3
    assert league.call("GET", f"/outfits/{league.look}").json["likes"] == 3


@pytest.mark.parametrize(
    ("by", "look", "status", "code"),
    [
        (None, "look", 401, "sign_in_required"),
        ("nina", "look", 422, "own_outfit"),
        ("fan", None, 404, "outfit_not_found"),
    ],
)
def test_a_like_that_may_not_be_is_a_problem(
    league: League, by: str | None, look: str | None, status: int, code: str
) -> None:
    outfit_id = getattr(league, look) if look else "01ABSENT"
    member = getattr(league, by) if by else None
    answer = league.call("PUT", f"/outfits/{outfit_id}/like", by=member)
    assert (answer.status_code, answer.json["type"]) == (status, f"urn:swingtag:problem:{code}")
    assert answer.content_type == "application/problem+json"


def test_a_brand_lists_its_boards_with_running_seasons(league: League) -> None:
    boards = league.call("GET", f"/boards?brand={league.brand_slug}").json
    assert {(board["scope_kind"], board["cadence"]) for board in boards} == {
        ("brand", "week"),
        ("brand", "month"),
        ("store", "week"),
        ("store", "month"),
    }
    week = league.board()
    assert week["name"] == league.store.name
    assert week["season"]["ends_at"] == "2026-11-23T00:00:00Z"
    assert week["season"]["prizes"][0]["kind"] == "voucher"
    (gift,) = [prize for prize in week["season"]["prizes"] if prize["kind"] == "gift"]
    assert (gift["title"], gift["value"]) == ("Silk scarf", 0), "our cost is ours"


def test_standings_come_in_pages(league: League) -> None:
    path = f"/boards/{league.board()['id']}/standings"
    first = league.call("GET", f"{path}?limit=1", by=league.nina).json
    (row,) = first["rows"]
    assert (row["rank"], row["name"], row["score"], row["is_me"]) == (1, "Nina O.", 3, True)
    second = league.call("GET", path, query_string={"limit": 1, "after": first["next_after"]}).json
    (row,) = second["rows"]
    assert (row["rank"], row["name"], row["score"], row["is_me"]) == (2, "Bea L.", 1, False)
    last = league.call("GET", path, query_string={"limit": 1, "after": second["next_after"]}).json
    assert (last["rows"], last["next_after"]) == ([], None)


@pytest.mark.parametrize("after", ["x", "MQ", "bm8gdGhhbmsgeW91", "\u00e9", "MSAyIDM"])
def test_a_made_up_cursor_is_refused(league: League, after: str) -> None:
    path = f"/boards/{league.board()['id']}/standings"
    answer = league.call("GET", path, query_string={"after": after})
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["after"])


def test_my_rank_comes_with_neighbours_and_the_gap(league: League) -> None:
    path = f"/boards/{league.board()['id']}/me"
    mine = league.call("GET", path, by=league.bea).json
    assert (mine["rank"], mine["score"], mine["gap_to_prize"]) == (2, 1, 0)
    assert [row["name"] for row in mine["rows"]] == ["Nina O.", "Bea L."]
    theirs = league.call("GET", path, by=league.fan).json
    assert (theirs["rank"], theirs["is_enlisted"], theirs["rows"]) == (None, False, [])


def test_a_closed_season_stays_and_names_only_who_still_agrees(
    league: League, clock: FixedClock
) -> None:
    board = league.board()
    season = board["season"]
    clock.instant = core_clock.now().replace(day=23, hour=0)
    with league.app.app_context(), database().write() as session:
        close_due_seasons(session, now=core_clock.now(), key=league.key)
        leave_league(session, member=league.bea, now=core_clock.now())
    path = f"/boards/{board['id']}/standings?season_id={season['id']}&limit=1"
    page = league.call("GET", path).json
    assert [row["name"] for row in page["rows"]] == ["Nina O."]
    assert page["season"]["closed_at"] is not None
    assert league.call("GET", f"{path}&after={page['next_after']}").json["rows"] == []
    assert league.board()["season"]["id"] != season["id"]


def test_prizes_are_shown_to_their_winner(league: League, clock: FixedClock) -> None:
    clock.instant = core_clock.now().replace(day=23, hour=0)
    with league.app.app_context(), database().write() as session:
        close_due_seasons(session, now=core_clock.now(), key=league.key)
    won = league.call("GET", "/me/prizes", by=league.nina).json
    assert len(won["vouchers"]) == 2
    assert len(won["vouchers"][0]["code"].replace("-", "")) == 16
    second = league.call("GET", "/me/prizes", by=league.bea).json
    assert second["points_balance"] == 600
    assert [line["points"] for line in second["points_won"]] == [300, 300]
    assert league.call("GET", "/me/prizes", by=league.fan).json["vouchers"] == []


@pytest.mark.parametrize("path", ["/boards/01ABSENT/standings", "/boards?brand=absent"])
def test_what_is_not_there_is_not_found(league: League, path: str) -> None:
    assert league.call("GET", path).status_code == 404
    board = league.board()
    foreign = f"/boards/{board['id']}/standings?season_id={league.board('brand')['season']['id']}"
    assert league.call("GET", foreign).status_code == 404
