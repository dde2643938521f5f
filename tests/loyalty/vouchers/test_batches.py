"""Batches: made in pieces that may break off, exported with their codes, voided together."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.transaction import Database
from loyalty.vouchers import batches, windows
from loyalty.vouchers.batches import BatchView
from loyalty.vouchers.terms import Terms
from tests.builders.points import PROGRAMME
from tests.builders.races import race
from tests.builders.vouchers import quote, redeem_now
from tests.conftest import KEY, NOON, both_databases
from tests.scale import times

TODAY = windows.days("Europe/London", date(2026, 11, 22), date(2026, 11, 22))


def begin(session: Session, size: int, **overrides: Any) -> BatchView:
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "source": "leaflet",
        "terms": Terms("percent", 20),
        "window": TODAY,
        "now": NOON,
    }
    return batches.begin(session, size=size, **(values | overrides))


def make_all(db: Database, batch_id: str) -> int:
    """Make pieces until none is missing; how many it took."""
    pieces = 0
    while True:
        with db.write() as session:
            pieces += 1
            if batches.make_more(session, batch_id, now=NOON, key=KEY) is None:
                return pieces


def codes(session: Session, batch_id: str) -> list[tuple[str, str]]:
    asked = {"programme_id": PROGRAMME, "now": NOON, "key": KEY}
    return [(one.code, one.state) for one in batches.codes_of(session, batch_id, **asked)]


@both_databases
def test_a_batch_is_made_in_pieces_and_each_code_works(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PIECE", 4)
    with db.write() as session:
        batch = begin(session, 10)
        assert begin(session, 10) == batch
        assert (batch.state, batch.made) == ("making", 0)
    with db.write() as session:
        batches.make_more(session, batch.id, now=NOON, key=KEY)
        session.rollback()
    assert make_all(db, batch.id) == 3
    with db.write() as session:
        found = batches.get_batch(session, batch.id, programme_id=PROGRAMME)
        assert (found.state, found.made) == ("ready", 10)
        listed = codes(session, batch.id)
        assert len({code for code, _ in listed}) == 10
        redeem_now(session, listed[0][0])
        assert quote(session, listed[9][0]).discount_minor == 400
        assert codes(session, batch.id)[0][1] == "used"


@pytest.mark.proof
@both_databases
def test_a_hundred_thousand_are_made(db: Database) -> None:
    size = times(4_100, 100_000)
    with db.write() as session:
        batch = begin(session, size)
    assert make_all(db, batch.id) == -(-size // batches.PIECE)
    with db.write() as session:
        assert len({code for code, _ in codes(session, batch.id)}) == size
        assert batches.void_batch(session, batch.id, programme_id=PROGRAMME, now=NOON)[1] == size


@both_databases
def test_pieces_made_at_once_make_no_voucher_twice(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PIECE", 5)
    with db.write() as session:
        batch = begin(session, 100)

    def make(_: int) -> None:
        with db.write() as session:
            batches.make_more(session, batch.id, now=NOON, key=KEY)

    race(make, attempts=32)
    with db.read() as session:
        assert len(codes(session, batch.id)) == 100


@both_databases
def test_a_batch_that_is_void_ends_what_was_not_used_and_makes_no_more(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "PIECE", 3)
    with db.write() as session:
        batch = begin(session, 5)
        batches.make_more(session, batch.id, now=NOON, key=KEY)
        used, other, _ = (code for code, _ in codes(session, batch.id))
        redeem_now(session, used)
        view, ended = batches.void_batch(session, batch.id, programme_id=PROGRAMME, now=NOON)
        assert (view.state, ended) == ("void", 3)
        assert batches.void_batch(session, batch.id, programme_id=PROGRAMME, now=NOON)[1] == 0
        assert batches.make_more(session, batch.id, now=NOON, key=KEY) is None
        assert [one.reason for one in quote(session, other).refused] == ["void"]


def test_what_makes_no_sense_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        begin(session, 0)
    with pytest.raises(Invalid):
        begin(session, 1, terms=Terms("percent", 101))
    batch = begin(session, 1)
    with pytest.raises(Conflict):
        begin(session, 2)
    with pytest.raises(Conflict):
        begin(session, 1, terms=Terms("percent", 21))
    for foreign in ("02OTHER", ""):
        with pytest.raises(NotFound):
            batches.get_batch(session, batch.id, programme_id=foreign)
