"""Phones that hold at once, and tills that come at the same moment: each voucher goes once."""

import pytest

from core.clock import FixedClock
from core.errors import Conflict
from core.transaction import Database
from loyalty.vouchers import books, holds, redemptions
from loyalty.vouchers.models import Redemption
from tests.builders.points import PROGRAMME
from tests.builders.races import meeting, race
from tests.builders.vouchers import QUARTER, basket, hold, new_code, redeem_now, uses_left
from tests.conftest import NOON, both_databases
from tests.loyalty.vouchers import naive, naive_holds

OF_NINA = basket(owner_id="nina", at=NOON)


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
        code = codes[attempt % 8]
        return redeem(db, code) if attempt // 8 == 1 else try_to_hold(db, code) or True

    assert all(race(act, attempts=24))
    check(db, *codes)


@both_databases
def test_a_till_that_looked_before_it_was_held_is_caught(db: Database) -> None:
    code = issue(db)
    assert not naive_holds.redeem_what_was_free(db, code, lambda: try_to_hold(db, code))


def held_overdue(db: Database) -> tuple[str, str]:
    code = issue(db)
    with db.write() as session:
        return code, hold(session, code).id


@pytest.mark.proof(rounds=250)
@both_databases
def test_a_hold_that_runs_out_while_the_till_redeems_is_redeemed_once(
    db: Database, clock: FixedClock
) -> None:
    code, hold_id = held_overdue(db)

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
def test_lapsing_what_was_seen_held_is_caught(db: Database) -> None:
    code, _ = held_overdue(db)
    naive_holds.lapse_what_was_held(db, lambda: redeem(db))
    with pytest.raises(AssertionError):
        check(db, code)
