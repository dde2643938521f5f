"""Boards under races; each check also has to catch a way of doing it that is wrong."""

from collections.abc import Callable

import pytest

from core.ids import new_id
from core.sql import insert_ignore
from core.transaction import Database
from loyalty.leaderboards import queries, service
from loyalty.leaderboards.models import Standing
from loyalty.leaderboards.rules import SeasonView
from loyalty.ledger import queries as ledger
from tests.builders.boards import enlist, new_season
from tests.builders.points import PROGRAMME, earn
from tests.builders.races import meeting, race
from tests.conftest import NOON, both_databases

OWNERS = ("ada", "bo", "cy", "di")
Meet = Callable[[], object]


@pytest.fixture
def season(db: Database) -> SeasonView:
    """A running season with everybody enlisted."""
    with db.write() as session:
        enlist(session, *OWNERS)
        return new_season(session)


def check_scores(db: Database, season: SeasonView, *, each: int) -> None:
    with db.read() as session:
        standings = queries.top(session, season.id)
        assert {row.owner_id: row.score for row in standings} == dict.fromkeys(OWNERS, each)
        for owner_id in OWNERS:
            rank = queries.rank_of(session, season.id, owner_id)
            assert rank is not None
            assert rank.rank == 1


def add_one(db: Database, season: SeasonView, owner_id: str) -> bool:
    with db.write() as session:
        return service.add_score(
            session, season_id=season.id, owner_id=owner_id, delta=1, reached_at=NOON
        )


def set_what_was_read(db: Database, season: SeasonView, owner_id: str, all_have_read: Meet) -> bool:
    with db.read() as session:
        rank = queries.rank_of(session, season.id, owner_id)
    all_have_read()
    score = 1 if rank is None else rank.score + 1
    with db.write() as session:
        return service.set_score(
            session, season_id=season.id, owner_id=owner_id, score=score, reached_at=NOON
        )


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_no_score_is_lost(db: Database, season: SeasonView) -> None:
    assert all(race(lambda n: add_one(db, season, OWNERS[n // 2 % 4]), attempts=160))
    check_scores(db, season, each=40)


@pytest.mark.proof
@both_databases
def test_setting_what_was_read_is_caught(db: Database, season: SeasonView) -> None:
    all_have_read = meeting()
    race(lambda n: set_what_was_read(db, season, OWNERS[n // 2 % 4], all_have_read), attempts=32)
    with pytest.raises(AssertionError):
        check_scores(db, season, each=8)


def score_if_seen_enlisted(
    db: Database, season: SeasonView, owner_id: str, all_have_looked: Meet, who_left_is_gone: Meet
) -> bool:
    with db.read() as session:
        is_enlisted = owner_id in queries.enlisted(session, PROGRAMME, [owner_id])
    all_have_looked()
    who_left_is_gone()
    if not is_enlisted:
        return False
    with db.write() as session:
        return insert_ignore(
            session,
            Standing,
            season_id=season.id,
            owner_id=owner_id,
            score=1,
            reached_at=NOON,
        )


def leave(db: Database, owner_id: str) -> bool:
    with db.write() as session:
        return bool(service.delist(session, PROGRAMME, owner_id))


def leave_while_scoring(
    db: Database,
    season: SeasonView,
    score: Callable[[Database, SeasonView, str], bool],
    leave: Callable[[Database, str], bool] = leave,
) -> None:
    """Each owner withdraws while seven others' threads score for them."""
    for owner_id in OWNERS:
        race(
            lambda n, who=owner_id: leave(db, who) if n == 7 else score(db, season, who),
            attempts=24,
        )


def check_nobody_is_shown(db: Database, season: SeasonView) -> None:
    with db.read() as session:
        assert queries.top(session, season.id) == []
    with db.write() as session:
        enlist(session, "newcomer")
    assert add_one(db, season, "newcomer")
    with db.read() as session:
        rank = queries.rank_of(session, season.id, "newcomer")
        assert rank is not None
        assert rank.rank == 1


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_who_withdraws_is_gone_whatever_scores_meanwhile(db: Database, season: SeasonView) -> None:
    leave_while_scoring(db, season, add_one)
    check_nobody_is_shown(db, season)


@pytest.mark.proof
@both_databases
def test_scoring_for_who_was_seen_enlisted_is_caught(db: Database, season: SeasonView) -> None:
    all_have_looked, who_left_is_gone = meeting(), meeting()

    def score(db: Database, season: SeasonView, owner_id: str) -> bool:
        return score_if_seen_enlisted(db, season, owner_id, all_have_looked, who_left_is_gone)

    def leave_when_seen(db: Database, owner_id: str) -> bool:
        all_have_looked()
        has_left = leave(db, owner_id)
        who_left_is_gone()
        return has_left

    leave_while_scoring(db, season, score, leave_when_seen)
    with pytest.raises(AssertionError):
        check_nobody_is_shown(db, season)


def close_and_pay(db: Database, season: SeasonView) -> int:
    with db.write() as session:
        service.close(session, season.id, scores=[("ada", 3, NOON)], now=season.ends_at)
        grants = service.grant_prizes(session, season.id, now=season.ends_at)
        for grant in grants:
            earn(session, grant.owner_id, 100, source=grant.source)
    return len(grants)


def pay_where_seen_open(db: Database, season: SeasonView, all_have_looked: Meet) -> int:
    with db.read() as session:
        is_closed = queries.get_season(session, season.id).closed_at is not None
    all_have_looked()
    if is_closed:
        return 0
    with db.write() as session:
        finals = service.close(session, season.id, scores=[("ada", 3, NOON)], now=season.ends_at)
        for row in finals:
            earn(session, row.owner_id, 100, source=new_id())
    return len(finals)


def check_paid_once(db: Database, paid: list[int]) -> None:
    assert sum(paid) == 1
    with db.read() as session:
        assert len(queries.final(session, paid_season(db).id)) == 1
        assert ledger.balance(session, PROGRAMME, "ada") == 100


def paid_season(db: Database) -> SeasonView:
    with db.read() as session:
        (board,) = queries.boards(session, PROGRAMME)
        season = queries.latest_closed_season(session, board.id)
        assert season is not None
        return season


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_season_closed_by_many_at_once_pays_once(db: Database, season: SeasonView) -> None:
    check_paid_once(db, race(lambda _: close_and_pay(db, season), attempts=16))


@pytest.mark.proof
@both_databases
def test_paying_where_the_season_was_seen_open_is_caught(db: Database, season: SeasonView) -> None:
    all_have_looked = meeting()
    paid = race(lambda _: pay_where_seen_open(db, season, all_have_looked), attempts=16)
    with pytest.raises(AssertionError):
        check_paid_once(db, paid)
