"""Boards run season after season, and each instant is in exactly one season of a board."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Invalid, NotFound
from loyalty.leaderboards import queries, service
from loyalty.leaderboards.rules import Prize
from tests.builders.boards import PRIZES, new_board, new_season
from tests.builders.points import PROGRAMME
from tests.conftest import both_databases

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@both_databases
def test_a_board_is_opened_once_for_a_scope_and_cadence(session: Session) -> None:
    board = new_board(session)
    again = new_board(session, zone="Asia/Tokyo", prizes=())
    assert again == board
    assert again.prizes == PRIZES
    monthly = new_board(session, cadence="month")
    store = new_board(session, scope_kind="store", scope_id="01STORE")
    new_board(session, programme_id="02OTHER")
    assert queries.boards(session, PROGRAMME) == [board, monthly, store]
    assert queries.get_board(session, store.id) == store


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.get_board(session, "nothing")
    with pytest.raises(NotFound):
        queries.get_season(session, "nothing")
    with pytest.raises(NotFound):
        service.ensure_seasons(session, "nothing", now=MONDAY)


@pytest.mark.parametrize(
    "prizes",
    [
        (Prize(0, "points", 1),),
        (Prize(1, "points", 1), Prize(1, "gift", 2500, "GBP", title="Scarf")),
        (Prize(1, "points", -1),),
    ],
)
def test_unclear_prizes_are_refused(session: Session, prizes: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        new_board(session, prizes=prizes)
    assert "prizes" in refusal.value.data["fields"]


@both_databases
def test_the_present_season_and_the_next_are_ensured(session: Session, clock: FixedClock) -> None:
    board = new_board(session)
    present, coming = service.ensure_seasons(session, board.id, now=clock.now())
    assert (present.starts_at, present.ends_at) == (MONDAY - timedelta(days=7), MONDAY)
    assert (coming.starts_at, coming.ends_at) == (MONDAY, MONDAY + timedelta(days=7))
    assert (present.like_weight, present.prizes) == (1, PRIZES)
    assert service.ensure_seasons(session, board.id, now=clock.now()) == [present, coming]
    later = service.ensure_seasons(session, board.id, now=MONDAY)
    assert later[0] == coming
    assert later[1].starts_at == coming.ends_at


@pytest.mark.parametrize("cadence", ["week", "month"])
def test_seasons_tile_time_also_over_a_long_pause(session: Session, cadence: str) -> None:
    board = new_board(session, cadence=cadence, zone="America/Santiago")
    start = datetime(2026, 1, 15, tzinfo=UTC)
    service.ensure_seasons(session, board.id, now=start)
    service.ensure_seasons(session, board.id, now=start + timedelta(days=700))
    seasons = queries.seasons_after(session, board.id, start)
    assert all(one.ends_at == next_.starts_at for one, next_ in pairwise(seasons))
    assert seasons[-1].starts_at > start + timedelta(days=700)
    assert len(seasons) == (102 if cadence == "week" else 25)


def test_seasons_follow_one_another_although_the_zones_rules_changed(session: Session) -> None:
    board = new_board(session, zone="Asia/Tokyo")
    first, _ = service.ensure_seasons(session, board.id, now=MONDAY - timedelta(days=4))
    # As if the seasons had been fixed under rules that put midnight elsewhere.
    session.execute(text("UPDATE board SET zone = 'America/Lima'"))
    session.expire_all()
    service.ensure_seasons(session, board.id, now=MONDAY + timedelta(days=30))
    seasons = queries.seasons_after(session, board.id, first.starts_at)
    lengths = {(season.ends_at - season.starts_at) for season in seasons}
    assert all(one.ends_at == next_.starts_at for one, next_ in pairwise(seasons))
    assert lengths == {timedelta(days=7), timedelta(days=7, hours=14)}


def test_seasons_are_found_by_instant(session: Session, clock: FixedClock) -> None:
    season = new_season(session)
    other = new_season(session, cadence="month")
    new_season(session, programme_id="02OTHER")
    assert queries.open_seasons(session, PROGRAMME, clock.now()) == [other, season]
    assert queries.find_season(session, season.board_id, clock.now()) == season
    assert queries.find_season(session, season.board_id, season.starts_at) == season
    after = queries.find_season(session, season.board_id, season.ends_at)
    assert after is not None
    assert after.starts_at == season.ends_at
    assert queries.find_season(session, season.board_id, season.starts_at - timedelta(1)) is None
    latest = queries.latest_season(session, season.board_id)
    assert latest == after


def test_seasons_are_due_from_their_last_instant_until_they_are_closed(session: Session) -> None:
    season = new_season(session)
    assert queries.due_seasons(session, MONDAY - timedelta(microseconds=1)) == []
    assert queries.due_seasons(session, MONDAY) == [season]
    assert queries.latest_closed_season(session, season.board_id) is None
    service.close(session, season.id, scores=[], now=MONDAY)
    assert queries.due_seasons(session, MONDAY) == []
    closed = queries.latest_closed_season(session, season.board_id)
    assert closed is not None
    assert (closed.id, closed.closed_at) == (season.id, MONDAY)
    assert queries.open_seasons(session, PROGRAMME, MONDAY - timedelta(1)) == []


def test_a_clock_that_lags_learns_that_a_season_is_closed(session: Session) -> None:
    season = new_season(session)
    lagging = MONDAY - timedelta(seconds=1)
    assert queries.latest_closed_end_after(session, PROGRAMME, lagging) is None
    service.close(session, season.id, scores=[], now=MONDAY)
    assert queries.latest_closed_end_after(session, PROGRAMME, lagging) == MONDAY
    assert queries.latest_closed_end_after(session, PROGRAMME, MONDAY) is None
