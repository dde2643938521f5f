"""Closing a season: at its own zone's midnight, from the rows, once, whatever goes wrong."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict
from core.outbox import Job
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from loyalty.ledger import books
from loyalty.ledger import queries as ledger
from loyalty.vouchers import queries as vouchers
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.league import give_prize, season_close
from retail.journeys.league.season_close import close_due_seasons, close_season
from retail.journeys.points.check_points import check_points
from retail.social import queries as social_queries
from retail.social import service as social
from tests.builders.brands import new_brand, new_store
from tests.builders.league import fold, like_times, new_league, ranked_outfit, running_season
from tests.builders.races import race
from tests.builders.terms import give_terms
from tests.conftest import KEY, both_databases


def podium(session: Session) -> tuple[StoreView, SeasonView, list[MemberView]]:
    """A store's week with three stylists of 3, 2 and 1 likes, not closed yet."""
    store = new_store(session)
    new_league(session, store.brand_id)
    stylists = []
    for likes in (3, 2, 1):
        stylist, outfit_id = ranked_outfit(session, store)
        like_times(session, outfit_id, store.brand_id, likes)
        stylists.append(stylist)
    fold(session)
    return store, running_season(session, store), stylists


def live(session: Session, season: SeasonView) -> list[int]:
    """The scores of a season that runs, best first."""
    return [row.score for row in leaderboards.top(session, season.id)]


def close(session: Session, season: SeasonView) -> list[str]:
    finals = close_season(session, season.id, now=core_clock.now(), key=KEY)
    return [final.owner_id for final in finals]


def winnings(session: Session, brand_id: str, member: MemberView) -> tuple[int, int]:
    """Points, and the worth of all vouchers."""
    found = vouchers.vouchers_of(session, brand_id, member.id, now=core_clock.now(), key=KEY)
    return ledger.balance(session, brand_id, member.id), sum(voucher.value for voucher in found)


@both_databases
def test_a_closed_season_has_given_its_prizes(session: Session, clock: FixedClock) -> None:
    store, season, stylists = podium(session)
    clock.instant = season.ends_at
    assert close(session, season) == [stylist.id for stylist in stylists]
    won = [winnings(session, store.brand_id, stylist) for stylist in stylists]
    assert won == [(0, 1000), (300, 0), (150, 0)]
    assert books.verify(session) == []


@both_databases
def test_a_second_run_and_a_late_one_change_nothing(session: Session, clock: FixedClock) -> None:
    store, season, stylists = podium(session)
    clock.instant = season.ends_at + timedelta(days=3)
    first = close(session, season)
    clock.advance(days=400)
    assert close(session, season) == first
    won = [winnings(session, store.brand_id, stylist) for stylist in stylists]
    assert [points for points, _ in won] == [0, 300, 150]
    assert books.verify(session) == []


def test_winning_a_season_earns_what_the_terms_give_for_it_once(
    session: Session, clock: FixedClock
) -> None:
    store, season, stylists = podium(session)
    deed = {"id": "won", "kind": "action", "action": "season_won", "points": 25}
    give_terms(session, store.brand_id, deed)
    clock.instant = season.ends_at
    for _ in range(2):
        close(session, season)
        waits = [ledger.pending(session, store.brand_id, one.id) for one in stylists]
        assert waits == [25, 0, 0]
    assert check_points(session, store.brand_id) == books.verify(session) == []


def test_a_season_that_still_runs_is_not_closed(session: Session, clock: FixedClock) -> None:
    _, season, _ = podium(session)
    clock.instant = season.ends_at - timedelta(microseconds=1)
    with pytest.raises(Conflict):
        close(session, season)


@both_databases
@pytest.mark.parametrize("crash_in", ["ledger.earn", "vouchers.issue", "run_seasons", "emit"])
def test_a_crash_anywhere_leaves_nothing_and_the_next_run_finishes(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, crash_in: str
) -> None:
    with db.write() as session:
        store, season, stylists = podium(session)
    clock.instant = season.ends_at

    def crash(*_: object, **__: object) -> None:
        raise ConnectionError

    owner, _, name = crash_in.rpartition(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(give_prize, owner) if owner else season_close, name, crash)
        with pytest.raises(ConnectionError), db.write() as session:
            close(session, season)
    with db.read() as session:
        assert leaderboards.final(session, season.id) == []
        assert [winnings(session, store.brand_id, s) for s in stylists] == [(0, 0)] * 3
    for _ in range(2):
        with db.write() as session:
            close(session, season)
    with db.read() as session:
        won = [winnings(session, store.brand_id, stylist) for stylist in stylists]
        assert won == [(0, 1000), (300, 0), (150, 0)]


@pytest.mark.proof(rounds=1_250)
@pytest.mark.postgresql
def test_workers_that_close_at_once_grant_once(postgresql_db: Database, clock: FixedClock) -> None:
    with postgresql_db.write() as session:
        store, season, stylists = podium(session)
    clock.instant = season.ends_at

    def work(_: int) -> list[str]:
        with postgresql_db.write() as session:
            return close(session, season)

    orders = race(work, attempts=8, threads=4)
    assert orders == [[stylist.id for stylist in stylists]] * 8
    with postgresql_db.read() as session:
        won = [winnings(session, store.brand_id, stylist) for stylist in stylists]
        assert won == [(0, 1000), (300, 0), (150, 0)]


@pytest.mark.proof(rounds=1_250)
@pytest.mark.postgresql
def test_likes_during_a_close_count_in_one_season_each(
    postgresql_db: Database, clock: FixedClock
) -> None:
    """Clocks that lag: every like believes the season still runs while it is being closed."""
    with postgresql_db.write() as session:
        store = new_store(session)
        new_league(session, store.brand_id)
        _, outfit_id = ranked_outfit(session, store)
        season = running_season(session, store)
        fans = like_times(session, outfit_id, store.brand_id, 40)
        for fan in fans:
            social.unlike(session, outfit_id, member=fan)
        fold(session)
    late, at_end = season.ends_at - timedelta(seconds=1), season.ends_at

    def work(attempt: int) -> None:
        with postgresql_db.write() as session:
            if attempt == 20:
                close_season(session, season.id, now=at_end, key=KEY)
            else:
                social.like(session, outfit_id, member=fans[attempt], now=late)

    race(work, attempts=40, threads=8)
    with postgresql_db.write() as session:
        fold(session)
        frozen = sum(final.score for final in leaderboards.final(session, season.id))
        clock.instant = at_end
        following = running_season(session, store)
        running = sum(live(session, following))
        assert (frozen + running, social_queries.count_of(session, outfit_id)) == (39, 39)


def test_a_like_under_a_lagging_clock_counts_in_the_next_season(
    session: Session, clock: FixedClock
) -> None:
    store, season, _ = podium(session)
    _, outfit_id = ranked_outfit(session, store)
    clock.instant = season.ends_at
    close(session, season)
    clock.instant = season.ends_at - timedelta(seconds=30)
    like_times(session, outfit_id, store.brand_id, 1)
    fold(session)
    assert len(leaderboards.final(session, season.id)) == 3
    clock.instant = season.ends_at
    following = running_season(session, store)
    assert live(session, following) == [1]


@both_databases
def test_a_closed_season_ignores_what_happens_later(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    stylist, outfit_id = ranked_outfit(session, store)
    fans = like_times(session, outfit_id, store.brand_id, 3)
    season = running_season(session, store)
    clock.instant = season.ends_at
    # Closed before the fold came round: the likes are counted from their rows all the same.
    close(session, season)
    social.unlike(session, outfit_id, member=fans[0])
    fold(session)
    frozen = leaderboards.final(session, season.id)
    assert [(final.owner_id, final.score) for final in frozen] == [(stylist.id, 3)]
    assert leaderboards.top(session, running_season(session, store).id) == []


def test_a_like_undone_and_given_again_counts_in_no_second_season(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    new_league(session, store.brand_id)
    _, outfit_id = ranked_outfit(session, store)
    (fan,) = like_times(session, outfit_id, store.brand_id, 1)
    season = running_season(session, store)
    clock.instant = season.ends_at
    close(session, season)
    social.unlike(session, outfit_id, member=fan)
    social.like(session, outfit_id, member=fan, now=core_clock.now())
    fold(session)
    assert social_queries.count_of(session, outfit_id) == 1
    assert leaderboards.top(session, running_season(session, store).id) == []


def test_every_season_has_the_job_that_closes_it(session: Session, clock: FixedClock) -> None:
    store, season, _ = podium(session)
    clock.instant = season.ends_at
    close(session, season)
    # The worker slept for a month: each missed week is closed by its own job.
    clock.advance(days=30)
    new_league(session, store.brand_id)
    waiting = leaderboards.unclosed_seasons(session, store.brand_id)
    jobs = session.scalars(select(Job.key).where(Job.kind == "season_close")).all()
    assert {f"season_close:{one.id}" for one in [*waiting, season]} == set(jobs)
    closed = close_due_seasons(session, now=core_clock.now(), key=KEY)
    assert len(closed) > 4
    assert leaderboards.due_seasons(session, core_clock.now()) == []


@pytest.mark.parametrize(
    ("zone", "local_end"),
    [
        ("Pacific/Kiritimati", "2026-11-30 00:00"),
        ("Pacific/Pago_Pago", "2026-11-30 00:00"),
        ("Asia/Kathmandu", "2026-11-30 00:00"),
        ("Europe/London", "2026-03-30 00:00"),  # a week of 167 hours
        ("America/New_York", "2026-11-02 00:00"),  # a week of 169 hours
        ("Australia/Lord_Howe", "2026-04-06 00:00"),  # half an hour more
    ],
)
def test_a_season_ends_at_the_midnight_of_its_own_zone(
    session: Session, clock: FixedClock, zone: str, local_end: str
) -> None:
    midnight = datetime.fromisoformat(local_end).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    clock.instant = midnight - timedelta(days=3)
    store = new_store(session, brand=new_brand(session, zone=zone), zone=zone)
    new_league(session, store.brand_id)
    _, outfit_id = ranked_outfit(session, store)
    season = running_season(session, store)
    assert season.ends_at == midnight
    clock.instant = midnight - timedelta(microseconds=1)
    like_times(session, outfit_id, store.brand_id, 1)
    clock.instant = midnight
    like_times(session, outfit_id, store.brand_id, 2)
    close(session, season)
    fold(session)
    assert [final.score for final in leaderboards.final(session, season.id)] == [1]
    following = running_season(session, store)
    assert following.starts_at == midnight
    assert live(session, following) == [2]
