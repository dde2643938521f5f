"""A season closes, or a prize is given, at the instant at which what won goes back to the shop."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import update

from core.clock import FixedClock
from core.errors import Conflict
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.prizes import queries as prizes
from loyalty.prizes.models import Award
from loyalty.prizes.rules import gift_code
from retail.journeys.league import season_close
from retail.journeys.league.give_prize import hand_over
from tests.builders.back import SCARF, Week, new_week, send_back
from tests.builders.races import until_in_line
from tests.conftest import KEY, both_databases

pytestmark = [pytest.mark.proof, both_databases]
Send = Callable[[Database, Week], object]


def return_behind(db: Database, clock: FixedClock, send: Send) -> tuple[int, int]:
    """A look goes back while its season closes: what it scored there, and prizes then doubted."""
    with db.write() as session:
        week = new_week(session, SCARF)
    returning = threading.Thread(target=send, args=(db, week))
    with db.write() as session:
        week.close(session, clock)
        returning.start()
        until_in_line(db, returning)
        assert returning.is_alive()
    returning.join()
    with db.read() as session:
        (first,) = leaderboards.final(session, week.season.id, places=[1])
        return first.score, len(prizes.doubted(session, week.store.brand_id))


def sends_back(db: Database, week: Week) -> None:
    with db.write() as session:
        send_back(session, week.store, week.looks[0])


def test_a_return_that_waits_for_a_season_to_close_finds_its_prize(
    db: Database, clock: FixedClock
) -> None:
    assert return_behind(db, clock, sends_back) == (3, 1)


def test_the_closing_catches_a_return_that_looked_for_closed_seasons_before_it_waited(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: which seasons had closed was read before, so a prize is won and kept."""

    def naive(db: Database, week: Week) -> None:
        span = {"since": week.season.starts_at, "until": week.season.ends_at}
        with db.read() as session:
            known = leaderboards.closed_seasons(session, week.store.brand_id, **span)
        monkeypatch.setattr(leaderboards, "closed_seasons", lambda *_, **__: known)
        sends_back(db, week)

    assert return_behind(db, clock, naive) == (3, 0)


Close = Callable[[Database, FixedClock, Week], object]


def closing_behind(db: Database, clock: FixedClock, close: Close) -> tuple[list[int], int]:
    """A season closes while a look goes back: what it counted, and prizes then doubted."""
    with db.write() as session:
        week = new_week(session, SCARF)
    closing = threading.Thread(target=close, args=(db, clock, week))
    with db.write() as session:
        send_back(session, week.store, week.looks[0])
        closing.start()
        until_in_line(db, closing)
        assert closing.is_alive()
    closing.join()
    with db.read() as session:
        finals = leaderboards.final(session, week.season.id)
        return [one.score for one in finals], len(prizes.doubted(session, week.store.brand_id))


def closes(db: Database, clock: FixedClock, week: Week) -> None:
    with db.write() as session:
        week.close(session, clock)


def test_a_season_that_waits_for_a_return_never_counts_what_went_back(
    db: Database, clock: FixedClock
) -> None:
    assert closing_behind(db, clock, closes) == ([2, 1], 0)


def test_a_closing_that_read_the_scores_before_it_waited_is_caught(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: scores were read before, so what went back wins, and nobody doubts it."""

    def naive(db: Database, clock: FixedClock, week: Week) -> None:
        with db.read() as session:
            known = season_close._scores(session, week.season)
        monkeypatch.setattr(season_close, "_scores", lambda *_: known)
        closes(db, clock, week)

    assert closing_behind(db, clock, naive) == ([3, 2, 1], 0)


def handed_over_behind(db: Database, clock: FixedClock, hand: Send) -> tuple[str, bool]:
    """A gift is handed over while what won it goes back: where it stands, and whether doubted."""
    with db.write() as session:
        week = new_week(session, SCARF)
        week.close(session, clock)
    handing = threading.Thread(target=hand, args=(db, week))
    with db.write() as session:
        send_back(session, week.store, week.looks[0])
        handing.start()
        until_in_line(db, handing)
        assert handing.is_alive()
    handing.join()
    with db.read() as session:
        award = week.award(session)
        return award.state, award.is_doubted


def test_a_gift_is_not_handed_over_while_what_won_it_goes_back(
    db: Database, clock: FixedClock
) -> None:
    def hand(db: Database, week: Week) -> None:
        with db.read() as session:
            code = gift_code(week.award(session).id, KEY)
        by = {"brand_id": week.store.brand_id, "by_id": "till", "now": clock.now(), "key": KEY}
        with pytest.raises(Conflict), db.write() as session:
            hand_over(session, code, **by)  # type: ignore[arg-type]

    assert handed_over_behind(db, clock, hand) == ("open", True)


def test_giving_a_prize_by_a_doubt_that_was_read_before_is_caught(
    db: Database, clock: FixedClock
) -> None:
    """The control: nobody doubted it when it was read, so a doubted prize is given."""

    def naive(db: Database, week: Week) -> None:
        with db.read() as session:
            award = week.award(session)
        with db.write() as session:
            if not award.is_doubted:
                given = update(Award).where(Award.id == award.id)
                session.execute(given.values(state="given"))

    assert handed_over_behind(db, clock, naive) == ("given", True)
