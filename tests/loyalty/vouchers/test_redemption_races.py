"""200 at once for a voucher of one use, and of fifty: exactly 1, and exactly 50."""

import threading

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict
from core.transaction import Database
from loyalty.vouchers import books, redemptions, service
from tests.builders.points import PROGRAMME
from tests.builders.races import meeting, race
from tests.builders.vouchers import (
    basket,
    new_code,
    redeem,
    redeem_now,
    release,
    reserve,
    roll_back,
    uses_left,
)
from tests.conftest import both_databases
from tests.loyalty.vouchers import naive

ATTEMPTS = 200


def issue(db: Database, uses: int | None, **terms: object) -> str:
    with db.write() as session:
        return new_code(session, uses=uses, **terms)


def try_to(db: Database, code: str, attempt: int, *, owner: str | None = None) -> bool:
    try:
        with db.write() as session:
            what = basket(2000, owner_id=owner)
            redeem_now(session, code, source=f"sale:{attempt}", basket=what)
    except Conflict:
        return False
    return True


def check(db: Database, code: str, used: list[bool], *, limit: int) -> None:
    assert sum(used) == limit
    with db.read() as session:
        assert uses_left(session, code) == 0
        assert books.verify(session) == []


@pytest.mark.proof(rounds=1_250)
@both_databases
@pytest.mark.parametrize("limit", [1, 50])
def test_200_redemptions_at_once_succeed_as_often_as_there_are_uses(
    db: Database, limit: int
) -> None:
    code = issue(db, limit)
    used = race(lambda attempt: try_to(db, code, attempt), attempts=ATTEMPTS)
    check(db, code, used, limit=limit)


@both_databases
@pytest.mark.parametrize("limit", [1, 50])
def test_redeeming_what_was_seen_is_caught(db: Database, limit: int) -> None:
    code = issue(db, limit)
    # All eight have looked before any of them writes, so it is no luck that they meet.
    together = threading.Barrier(8)
    used = race(lambda _: naive.redeem(db, code, together.wait), attempts=ATTEMPTS)
    with pytest.raises(AssertionError):
        check(db, code, used, limit=limit)


@pytest.mark.proof(rounds=250)
@both_databases
def test_one_sale_sent_many_times_at_once_is_one_redemption(db: Database) -> None:
    code = issue(db, 50)

    def send(attempt: int) -> str:
        with db.write() as session:
            return redeem_now(session, code, source=f"sale:{attempt // 8}").id

    assert len(set(race(send, attempts=64))) == 8
    with db.read() as session:
        assert uses_left(session, code) == 42
        assert books.verify(session) == []


@pytest.mark.proof(rounds=250)
@both_databases
def test_one_per_owner_holds_over_many_vouchers_at_once(db: Database) -> None:
    codes = [issue(db, None, uses_per_owner=1) for _ in range(8)]
    owners = ("nina", "sarah")
    used = race(
        lambda attempt: try_to(db, codes[attempt % 8], attempt, owner=owners[attempt // 8 % 2]),
        attempts=64,
    )
    assert sum(used) == 2


@pytest.mark.proof(rounds=250)
@both_databases
def test_redeeming_and_letting_go_at_once_end_in_one_way(db: Database) -> None:
    codes = [issue(db, 1) for _ in range(8)]
    with db.write() as session:
        held = [reserve(session, code).id for code in codes]

    def end(attempt: int) -> str | None:
        way = (redeem, release)[attempt % 2]
        try:
            with db.write() as session:
                return way(session, held[attempt // 8]).state
        except Conflict:
            return None

    # `race` gives the results lane by lane, so each says for itself whose it is.
    ends = race(lambda attempt: (attempt // 8, end(attempt)), attempts=64)
    for place, code in enumerate(codes):
        (state,) = {one for of, one in ends if of == place and one}
        with db.read() as session:
            assert uses_left(session, code) == (1 if state == "released" else 0)
    with db.read() as session:
        assert books.verify(session) == []


@pytest.mark.proof(rounds=250)
@both_databases
def test_two_vouchers_in_any_order_wait_for_each_other_and_never_in_a_circle(
    db: Database,
) -> None:
    terms = {"stacking": "stackable", "campaign_id": "may"}
    codes = [issue(db, 40, **terms, value=value) for value in (100, 200)]

    def act(attempt: int) -> bool:
        shown = codes if attempt % 2 else codes[::-1]
        with db.write() as session:
            sold = redeem_now(session, *shown, source=f"sale:{attempt}")
        with db.write() as session:
            return roll_back(session, sold.id).discount_minor == 300

    assert all(race(act, attempts=64))
    with db.read() as session:
        assert [uses_left(session, code) for code in codes] == [40, 40]
        assert books.verify(session) == []


def campaign_all_held(db: Database) -> tuple[list[str], list[str]]:
    """A campaign whose money eight reservations hold; their ids, and codes of as many others."""
    with db.write() as session:
        held = [reserve(session, new_code(session, campaign_id="may")).id for _ in range(8)]
        service.set_budget(
            session,
            programme_id=PROGRAMME,
            campaign_id="may",
            currency="GBP",
            limit_minor=8 * 500,
        )
        codes = [new_code(session, campaign_id="may", uses=None) for _ in range(8)]
    return held, codes


def check_money(db: Database, used: list[bool]) -> None:
    assert sum(used) == 8
    with db.read() as session:
        assert books.verify(session) == []


@pytest.mark.proof(rounds=250)
@both_databases
def test_money_that_lapsed_is_given_away_once_whoever_comes_first(
    db: Database, clock: FixedClock
) -> None:
    held, codes = campaign_all_held(db)
    clock.advance(minutes=15)

    def act(attempt: int) -> bool:
        if attempt // 8 % 2:
            return try_to(db, codes[attempt % 8], attempt)
        with db.write() as session:
            redemptions.lapse(session, held[attempt % 8], now=core_clock.now())
        return False

    check_money(db, race(act, attempts=64))


@both_databases
def test_freeing_the_money_that_was_seen_to_lapse_is_caught(
    db: Database, clock: FixedClock
) -> None:
    _, codes = campaign_all_held(db)
    clock.advance(minutes=15)
    together = meeting()
    used = race(
        lambda attempt: naive.redeem_of_lapsed(db, codes[attempt % 8], together), attempts=8
    )
    with pytest.raises(AssertionError):
        check_money(db, used)
