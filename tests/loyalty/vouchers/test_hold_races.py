"""Phones that hold at once, and tills that come at the same moment: each voucher goes once."""

from collections.abc import Callable
from typing import Any

import pytest

from core.clock import FixedClock
from core.errors import Conflict
from core.transaction import Database
from loyalty.vouchers import books, holds, redemptions
from loyalty.vouchers.models import Redemption
from tests.builders.points import PROGRAMME
from tests.builders.races import meeting, race
from tests.builders.vouchers import QUARTER, basket, hold, new_code, redeem_now, reserve, uses_left
from tests.conftest import NOON, both_databases
from tests.loyalty.vouchers import naive, naive_holds

OF_NINA = basket(owner_id="nina", at=NOON)
NINAS: Any = {"programme_id": PROGRAMME, "holder_id": "nina", "now": NOON}


def issue(db: Database, owner: str | None = "nina", **terms: object) -> str:
    with db.write() as session:
        return new_code(session, owner, **terms)


def try_to_hold(db: Database, code: str, owner: str = "nina") -> bool:
    try:
        with db.write() as session:
            hold(session, code, owner=owner)
    except Conflict:
        return False
    return True


def redeem(db: Database, *codes: str) -> bool:
    try:
        with db.write() as session:
            redeem_now(session, *codes, basket=OF_NINA, with_held=not codes)
    except Conflict:
        return False
    return True


def check(db: Database, *codes: str) -> None:
    with db.read() as session:
        assert [uses_left(session, code) for code in codes] == [0] * len(codes)
        assert books.verify(session) == []


def check_held_once(db: Database, code: str, held: list[bool]) -> None:
    assert sum(held) == 1
    check(db, code)


@pytest.mark.proof(rounds=250)
@both_databases
def test_one_code_on_many_phones_at_once_is_held_by_one(db: Database) -> None:
    code = issue(db, None)
    held = race(lambda attempt: try_to_hold(db, code, f"member-{attempt}"), attempts=32)
    check_held_once(db, code, held)


@both_databases
def test_holding_what_was_seen_free_is_caught(db: Database) -> None:
    code, together = issue(db, None), meeting()
    held = race(lambda _: naive.redeem(db, code, together), attempts=8)
    with pytest.raises(AssertionError):
        check_held_once(db, code, held)


@pytest.mark.proof(rounds=250)
@both_databases
def test_one_member_on_two_phones_holds_one_basket(db: Database) -> None:
    codes = [issue(db) for _ in range(4)]
    assert all(race(lambda attempt: try_to_hold(db, codes[attempt % 4]), attempts=16))
    with db.read() as session:
        assert session.query(Redemption).filter_by(state="reserved").count() == 1
        assert sum(uses_left(session, code) or 0 for code in codes) == 3
        assert books.verify(session) == []


@pytest.mark.proof(rounds=250)
@both_databases
def test_no_hold_ever_makes_a_till_refuse_its_owners_voucher(db: Database) -> None:
    codes = [issue(db) for _ in range(8)]

    def act(attempt: int) -> bool:
        # The three that want one code are next to each other, so that they meet.
        code = codes[attempt // 3]
        return redeem(db, code) if attempt % 3 == 1 else try_to_hold(db, code) or True

    assert all(race(act, attempts=24))
    check(db, *codes)


@pytest.mark.proof(rounds=250)
@both_databases
def test_a_till_that_knows_no_member_reserves_what_phones_hold_at_that_instant(
    db: Database,
) -> None:
    codes = [issue(db, None) for _ in range(8)]

    def act(attempt: int) -> bool:
        code = codes[attempt // 3]
        if attempt % 3 == 1:
            with db.write() as session:
                return reserve(session, code).state == "reserved"
        return try_to_hold(db, code, f"member-{attempt}") or True

    assert all(race(act, attempts=24))
    check(db, *codes)
    with db.read() as session:
        held = session.query(Redemption).filter_by(state="reserved")
        assert {one.gives_way for one in held} == {False}
        assert held.count() == 8


@both_databases
@pytest.mark.parametrize("way", [redeem_now, reserve])
def test_a_till_that_looked_before_it_was_held_is_caught(
    db: Database, way: Callable[..., object]
) -> None:
    code = issue(db)
    assert not naive_holds.put_what_was_free(db, code, way, lambda: try_to_hold(db, code))


def held_for_a_while(db: Database) -> tuple[str, str]:
    code = issue(db)
    with db.write() as session:
        return code, hold(session, code).id


@pytest.mark.proof(rounds=250)
@both_databases
def test_a_hold_that_runs_out_while_the_till_redeems_is_redeemed_once(
    db: Database, clock: FixedClock
) -> None:
    code, hold_id = held_for_a_while(db)

    def act(attempt: int) -> bool:
        if attempt % 4:
            with db.write() as session:
                redemptions.lapse(session, hold_id, now=NOON + QUARTER)
            return False
        # The till's clock says that there is a moment left.
        return redeem(db, code)

    assert sum(race(act, attempts=16)) == 1
    check(db, code)
    with db.read() as session:
        assert holds.find_hold(session, PROGRAMME, "nina", now=clock.now()) is None


@both_databases
def test_giving_back_what_was_seen_held_is_caught(db: Database) -> None:
    code, _ = held_for_a_while(db)
    naive_holds.give_back_what_was_held(db, lambda: redeem(db))
    with pytest.raises(AssertionError):
        check(db, code)


@pytest.mark.proof(rounds=250)
@both_databases
def test_what_its_owner_lets_go_of_while_the_till_takes_it_goes_one_way(db: Database) -> None:
    code, hold_id = held_for_a_while(db)

    def act(attempt: int) -> bool:
        if attempt % 4 == 1:
            return redeem(db)
        with db.write() as session:
            redemptions.release(session, hold_id, **NINAS)
        return False

    sold = sum(race(act, attempts=16))
    with db.read() as session:
        assert (sold, uses_left(session, code)) in ((0, 1), (1, 0))
        assert books.verify(session) == []


def extend(db: Database, hold_id: str) -> bool:
    try:
        with db.write() as session:
            holds.extend(session, hold_id, until=NOON + 2 * QUARTER, **NINAS)
    except Conflict:
        return False
    return True


def check_extended(db: Database, extended: list[bool]) -> None:
    """Whoever was told that there is more time has it, and all were told the same."""
    with db.read() as session:
        found = holds.find_hold(session, PROGRAMME, "nina", now=NOON + QUARTER)
        assert set(extended) == {found is not None}
        assert books.verify(session) == []


@pytest.mark.proof(rounds=250)
@both_databases
def test_more_time_that_is_asked_for_as_the_job_ends_a_hold_is_given_or_refused(
    db: Database,
) -> None:
    _, hold_id = held_for_a_while(db)

    def act(attempt: int) -> bool | None:
        if attempt % 2:
            # The phone's clock says that there is a moment left.
            return extend(db, hold_id)
        with db.write() as session:
            redemptions.lapse(session, hold_id, now=NOON + QUARTER)
        return None

    told = race(act, attempts=16)
    check_extended(db, [one for one in told if one is not None])


@both_databases
def test_giving_back_what_was_given_more_time_meanwhile_is_caught(db: Database) -> None:
    _, hold_id = held_for_a_while(db)
    told: list[bool] = []
    naive_holds.give_back_what_was_held(db, lambda: told.append(extend(db, hold_id)))
    with pytest.raises(AssertionError):
        check_extended(db, told)
