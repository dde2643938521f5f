"""Vouchers are issued once for each source, found by code, and end in one way."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid
from core.transaction import Database
from loyalty.baskets.rules import Scope
from loyalty.vouchers import codes, queries, service
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.rules import VoucherView
from tests.builders.points import PROGRAMME
from tests.builders.races import meeting, race
from tests.builders.vouchers import basket, new_voucher, redeem_now, roll_back
from tests.conftest import KEY, NOON, both_databases

MONTH = timedelta(days=30)


def vouchers(session: Session, owner_id: str = "nina", **overrides: Any) -> list[VoucherView]:
    asked: dict[str, Any] = {"now": NOON, "key": KEY} | overrides
    return queries.vouchers_of(session, PROGRAMME, owner_id, **asked)


@both_databases
def test_an_owner_sees_the_voucher_and_its_code(session: Session) -> None:
    issued = new_voucher(session)
    new_voucher(session, "sarah")
    (voucher,) = vouchers(session)
    assert voucher == VoucherView(
        id=issued.voucher_id,
        owner_id="nina",
        kind="amount",
        value=500,
        currency="GBP",
        code=voucher.code,
        last_four=voucher.code[-4:],
        state="issued",
        valid_from=NOON,
        valid_until=NOON + MONTH,
        issued_at=NOON,
    )
    assert queries.find_by_code(session, PROGRAMME, voucher.code, now=NOON, key=KEY) == voucher


def test_a_code_opens_nothing_elsewhere(session: Session) -> None:
    new_voucher(session)
    (voucher,) = vouchers(session)
    wrong = ("9" if voucher.code[0] != "9" else "8") + voucher.code[1:]
    assert queries.find_by_code(session, PROGRAMME, wrong, now=NOON, key=KEY) is None
    assert queries.find_by_code(session, "02OTHER", voucher.code, now=NOON, key=KEY) is None
    assert queries.find_by_code(session, PROGRAMME, voucher.code, now=NOON, key=b"other") is None


def test_the_code_is_stored_only_as_a_hash(session: Session) -> None:
    new_voucher(session)
    (voucher,) = vouchers(session)
    stored = " ".join(str(row) for row in session.execute(text("SELECT * FROM voucher")))
    plain = voucher.code.replace("-", "")
    assert plain not in stored
    assert voucher.code not in stored
    assert plain[-4:] in stored


def test_a_bearer_voucher_has_no_owner(session: Session) -> None:
    new_voucher(session, None, kind="percent", value=15, currency=None)
    assert vouchers(session) == []


@both_databases
def test_a_source_issues_one_voucher_for_ever(session: Session) -> None:
    first = new_voucher(session, source="prize:1")
    again = new_voucher(session, source="prize:1", valid_until=NOON + 2 * MONTH)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.voucher_id == again.voucher_id
    assert len(vouchers(session)) == 1
    for other in ({"owner_id": "sarah"}, {"value": 501}, {"currency": "EUR"}):
        with pytest.raises(Conflict, match="another voucher"):
            new_voucher(session, **({"source": "prize:1"} | other))
    assert new_voucher(session, source="prize:1", programme_id="02OTHER").is_new


@pytest.mark.parametrize(
    ("worth", "field"),
    [
        ({"value": 0}, "value"),
        ({"value": 5.0}, "value"),
        ({"currency": None}, "currency"),
        ({"kind": "percent", "value": 10}, "currency"),
        ({"kind": "percent", "value": 101, "currency": None}, "value"),
        ({"currency": "gbp"}, "currency"),
        ({"currency": "£££"}, "currency"),
        ({"scope": Scope(frozenset({"sku:1"}), frozenset({"sku:1", "sku:2"}))}, "scope"),
        ({"valid_until": NOON}, "valid_until"),
    ],
)
def test_a_worth_that_makes_no_sense_is_refused(
    session: Session, worth: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        new_voucher(session, **worth)
    assert list(refusal.value.data["fields"]) == [field]


def test_what_ends_soonest_comes_first_and_what_is_over_last(
    session: Session, clock: FixedClock
) -> None:
    late, soon, over, gone = (
        new_voucher(session, valid_until=NOON + timedelta(days=days)).voucher_id
        for days in (30, 10, 1, 5)
    )
    service.void(session, gone, programme_id=PROGRAMME)
    clock.advance(days=2)
    found = vouchers(session, now=clock.now())
    assert [(voucher.id, voucher.state) for voucher in found] == [
        (soon, "issued"),
        (late, "issued"),
        (over, "expired"),
        (gone, "void"),
    ]


@both_databases
def test_a_voucher_is_expired_from_the_instant_its_validity_ends(session: Session) -> None:
    new_voucher(session)
    end = NOON + MONTH
    tick = timedelta(microseconds=1)
    assert service.expire(session, now=end - tick) == 0
    assert [voucher.state for voucher in vouchers(session, now=end - tick)] == ["issued"]
    assert [voucher.state for voucher in vouchers(session, now=end)] == ["expired"]
    assert service.expire(session, now=end) == 1
    assert service.expire(session, now=end) == 0
    assert [voucher.state for voucher in vouchers(session, now=NOON)] == ["expired"]


@both_databases
def test_a_voucher_ends_in_one_way_only(session: Session) -> None:
    voided = new_voucher(session).voucher_id
    expired = new_voucher(session, valid_until=NOON + timedelta(1)).voucher_id
    assert not service.void(session, voided, programme_id="02OTHER")
    assert service.void(session, voided, programme_id=PROGRAMME)
    assert not service.void(session, voided, programme_id=PROGRAMME)
    service.expire(session, now=NOON + 2 * MONTH)
    assert not service.void(session, expired, programme_id=PROGRAMME)
    assert {v.id: v.state for v in vouchers(session)} == {voided: "void", expired: "expired"}


def void(db: Database, voucher_id: str) -> bool:
    with db.write() as session:
        return service.void(session, voucher_id, programme_id=PROGRAMME)


def void_what_was_read(
    db: Database, voucher_id: str, *, all_have_read: Callable[[], object]
) -> bool:
    with db.read() as session:
        state = session.scalar(select(Voucher.state).where(Voucher.id == voucher_id))
    all_have_read()
    if state != "issued":
        return False
    with db.write() as session:
        session.execute(update(Voucher).where(Voucher.id == voucher_id).values(state="void"))
    return True


def voided_at_once(db: Database, way: Callable[[Database, str], bool]) -> int:
    """How often one of 8 vouchers was voided when each was 8 times at once."""
    with db.write() as session:
        ids = [new_voucher(session).voucher_id for _ in range(8)]
    return sum(race(lambda attempt: way(db, ids[attempt // 8]), attempts=64))


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_voucher_voided_many_times_at_once_is_voided_once(db: Database) -> None:
    assert voided_at_once(db, void) == 8


@pytest.mark.proof
@both_databases
def test_voiding_what_was_read_is_caught(db: Database) -> None:
    assert voided_at_once(db, partial(void_what_was_read, all_have_read=meeting())) == 64


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_a_source_that_comes_many_times_at_once_issues_once(db: Database) -> None:
    def issue(attempt: int) -> bool:
        with db.write() as session:
            return new_voucher(session, source=f"prize:{attempt // 8}").is_new

    assert sum(race(issue, attempts=64)) == 8
    with db.read() as session:
        assert len(vouchers(session)) == 8


@both_databases
def test_looking_for_the_voucher_first_is_caught(db: Database) -> None:
    all_have_looked = meeting()

    def issue(attempt: int) -> bool:
        # Valid for as many days as the source has a number, so that it can be looked for.
        until = NOON + timedelta(days=1 + attempt // 8)
        with db.read() as session:
            is_issued = any(voucher.valid_until == until for voucher in vouchers(session))
        all_have_looked()
        if is_issued:
            return False
        with db.write() as session:
            return new_voucher(session, valid_until=until).is_new

    assert sum(race(issue, attempts=64)) == 64


@both_databases
def test_the_source_of_the_last_use_is_told_while_that_use_stands(
    session: Session, clock: FixedClock
) -> None:
    many = {"uses": 5, "uses_per_owner": 5}
    often, never = (new_voucher(session, "nina", **many).voucher_id for _ in "12")
    code = codes.shown(codes.code_of(often, KEY))
    uses = []
    for source in ("first", "second"):
        clock.advance(seconds=1)
        put = {"source": source, "basket": basket(owner_id="nina")}
        uses.append(redeem_now(session, code, **put).id)
        assert told(session, clock) == {often: source}
    roll_back(session, uses[1])
    assert told(session, clock) == {often: "first"}
    assert never not in told(session, clock)
    assert queries.last_sources(session, []) == {}


def told(session: Session, clock: FixedClock) -> dict[str, str]:
    """The sources of the last uses of what Nina has."""
    own = queries.vouchers_of(session, PROGRAMME, "nina", now=clock.now(), key=KEY)
    return queries.last_sources(session, own)
