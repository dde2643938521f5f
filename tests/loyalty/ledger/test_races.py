"""Points under races; each check also has to catch a way of posting that is wrong."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Conflict
from core.transaction import Database
from loyalty.ledger import books, queries
from loyalty.ledger.ends import expire
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.builders.races import meeting, race
from tests.conftest import both_databases
from tests.loyalty.ledger import naive


def give(db: Database, points: int) -> None:
    with db.write() as session:
        earn(session, "nina", points, source="receipt:1")


def check_books(db: Database, *, balance: int) -> None:
    with db.read() as session:
        assert queries.balance(session, PROGRAMME, "nina") == balance
        assert books.verify(session) == []


def spend_one(db: Database) -> bool:
    try:
        with db.write() as session:
            return spend(session, "nina", 1).is_new
    except Conflict:
        return False


def check_spending(db: Database, spent: list[bool], *, points: int) -> None:
    assert sum(spent) == points
    check_books(db, balance=0)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_800_spends_of_400_points_succeed_400_times(db: Database) -> None:
    give(db, 400)
    check_spending(db, race(lambda _: spend_one(db), attempts=800), points=400)


@pytest.mark.proof
@both_databases
def test_spending_what_was_read_is_caught(db: Database) -> None:
    give(db, 16)
    all_have_read = meeting()
    spent = race(lambda _: naive.spend(db, "nina", 1, all_have_read=all_have_read), attempts=32)
    with pytest.raises(AssertionError):
        check_spending(db, spent, points=16)


def earn_once(db: Database, source: str) -> bool:
    with db.write() as session:
        return earn(session, "nina", 10, source=source).is_new


def check_sources(db: Database, earned: list[bool], *, sources: int) -> None:
    assert sum(earned) == sources
    check_books(db, balance=1 + 10 * sources)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_source_that_comes_many_times_at_once_has_one_effect(db: Database) -> None:
    give(db, 1)
    earned = race(lambda attempt: earn_once(db, f"like:{attempt // 8}"), attempts=160)
    check_sources(db, earned, sources=20)


@pytest.mark.proof
@both_databases
def test_looking_for_the_source_first_is_caught(db: Database) -> None:
    give(db, 1)
    all_have_read = meeting()

    def earn_what_was_not_found(attempt: int) -> bool:
        source = f"like:{attempt // 8}"
        return naive.earn_once(db, "nina", 10, source, all_have_read=all_have_read)

    earned = race(earn_what_was_not_found, attempts=32)
    with pytest.raises(AssertionError):
        check_sources(db, earned, sources=4)


def reverse_three(db: Database) -> bool:
    try:
        with db.write() as session:
            return reverse(session, "receipt:1", 3).is_new
    except Conflict:
        return False


def check_reversals(db: Database, reversed_: list[bool]) -> None:
    assert sum(reversed_) == 33
    check_books(db, balance=1)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_no_more_is_taken_back_at_once_than_was_earned(db: Database) -> None:
    give(db, 100)
    check_reversals(db, race(lambda _: reverse_three(db), attempts=64))


@pytest.mark.proof
@both_databases
def test_taking_back_what_was_read_as_left_is_caught(db: Database) -> None:
    give(db, 100)
    all_have_read = meeting()
    reversed_ = race(
        lambda _: naive.reverse(db, "nina", "receipt:1", 3, all_have_read=all_have_read),
        attempts=64,
    )
    with pytest.raises(AssertionError):
        check_reversals(db, reversed_)


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_members_who_meet_in_one_programme_do_not_disturb_one_another(db: Database) -> None:
    def buy(attempt: int) -> bool:
        with db.write() as session:
            return earn(session, f"member-{attempt % 10}", 5).is_new

    assert all(race(buy, attempts=160))
    with db.read() as session:
        assert {queries.balance(session, PROGRAMME, f"member-{n}") for n in range(10)} == {80}
        assert queries.pot_balance(session, PROGRAMME, "programme") == -800
        assert books.verify(session) == []


def give_lots(db: Database, count: int) -> None:
    """So many lots of ten points, one of which ends now."""
    with db.write() as session:
        for number in range(count):
            ends_at = clock.now() + timedelta(days=number)
            earn(session, "nina", 10, source=f"lot:{number}", expires_at=ends_at)


def lots_left(db: Database) -> list[tuple[str, int]]:
    with db.read() as session:
        return [
            (lot.source, lot.points) for lot in queries.expiring_lots(session, PROGRAMME, "nina")
        ]


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_spends_of_the_same_lot_at_once_share_it_exactly(db: Database) -> None:
    give_lots(db, 4)
    with db.write() as session:
        spend(session, "nina", 1)  # the first lot has lapsed, so it expires here
    race(lambda _: spend_one(db), attempts=24)
    assert lots_left(db) == [("lot:3", 5)]
    check_books(db, balance=5)


def check_expiry(db: Database, spent: list[bool]) -> None:
    """Whatever was first, the lot's points went once: spent, or expired, and no other ones."""
    assert lots_left(db) == [("lot:1", 10 - sum(spent))]
    with db.read() as session:
        expired = queries.pot_balance(session, PROGRAMME, "expiry")
    assert expired == 10
    check_books(db, balance=10 - sum(spent))


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_spend_that_meets_expiry_never_takes_what_has_run_out(db: Database) -> None:
    give_lots(db, 2)
    with db.read() as session:
        (lot, _) = queries.expiring_lots(session, PROGRAMME, "nina")

    def act(attempt: int) -> bool:
        if attempt % 2:
            return spend_one(db)
        with db.write() as session:
            expire(session, lot.id, now=clock.now())
        return False

    check_expiry(db, race(act, attempts=16))


@both_databases
def test_expiring_what_was_read_as_left_is_caught(db: Database) -> None:
    """The control: it looks at the lot, somebody spends, and it expires what it saw."""
    give_lots(db, 2)
    with db.read() as session:
        (seen, _) = queries.expiring_lots(session, PROGRAMME, "nina")
    with db.write() as session:
        earlier = clock.now() - timedelta(days=1)
        spend(session, "nina", 4, now=earlier)
    with db.write() as session:
        naive.expire(session, "nina", seen)
    with pytest.raises(AssertionError):
        check_books(db, balance=10)
