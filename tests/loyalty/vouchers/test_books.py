"""Vouchers whose rows somebody changed by hand: each breach is named by its rule, and where."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CursorResult, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.model import Base
from loyalty.vouchers import books, redemptions
from loyalty.vouchers.models import (
    Redemption,
    Rollback,
    Voucher,
    VoucherBatch,
    VoucherBudget,
    VoucherTerms,
    VoucherUse,
)
from tests.builders.vouchers import (
    basket,
    line,
    new_code,
    new_voucher,
    redeem,
    redeem_now,
    release,
    reserve,
    roll_back,
)
from tests.conftest import NOON, both_databases

MODELS: tuple[Any, ...] = (
    *(VoucherTerms, VoucherBatch, Voucher, VoucherBudget),
    *(Redemption, VoucherUse, Rollback),
)
LOOSE = ("voucher_redemption", "voucher_rollback")


def keep_vouchers(session: Session, clock: FixedClock) -> None:
    """A little of everything: each state, returns in part and whole, terms of every kind."""
    of_may: dict[str, Any] = {"campaign_id": "may", "stacking": "stackable"}
    percent = {"kind": "percent", "value": 30, "currency": "GBP", "most_minor": 400}
    pair = (
        new_code(session, **of_may, uses=9),
        new_code(session, **of_may | percent, uses=None, uses_per_owner=3),
    )
    mine = basket(lines=(line(1, 1000, quantity="3"), line(2, 2000)), owner_id="nina")
    part = redeem_now(session, *pair, basket=mine, source="till:part")
    roll_back(session, part.id, ("1", "1"), source="return:1")
    whole = redeem_now(session, *pair, basket=mine, source="till:whole")
    roll_back(session, whole.id, source="return:2")
    bound = new_code(session, "nina", is_bound=True)
    redeem_now(session, bound, basket=basket(owner_id="nina"), source="till:bound")
    redeem(session, reserve(session, new_code(session), source="till:redeemed").id)
    release(session, reserve(session, new_code(session, **of_may), source="till:released").id)
    left = reserve(session, new_code(session, **of_may), source="till:lapsed")
    freed = new_code(session, **of_may)
    reserve(session, freed, source="till:overdue")
    gift = new_code(session, kind="gift", value=1, currency=None, title="A tote bag")
    item = new_code(session, kind="item", value=1, currency=None, title="Socks")
    for code in (gift, item):
        redeem_now(session, code)
    clock.advance(minutes=20)
    redemptions.lapse(session, left.id, now=NOON + timedelta(minutes=20))
    redeem_now(session, freed, source="till:freed")
    reserve(session, new_code(session, **of_may), source="till:held")


@both_databases
def test_honest_vouchers_add_up(session: Session, clock: FixedClock) -> None:
    keep_vouchers(session, clock)
    assert books.verify(session) == []


# As SQLite keeps the instant at which all of them but the last few were used.
STAMP = f"{NOON:%Y-%m-%d %H:%M:%S}.000000"


def of(source: str) -> str:
    return f"(SELECT id FROM voucher_redemption WHERE source = 'till:{source}')"


# By the rule that must name it. A row is changed as no statement of the library would.
FAULTS: tuple[tuple[str, str], ...] = (
    ("V1", "UPDATE voucher SET uses_left = 3 WHERE uses_left = 1"),
    ("V1", "UPDATE voucher SET uses_left = NULL WHERE uses_left = 0"),
    ("V1", "UPDATE voucher_terms SET uses_per_owner = 0 WHERE uses_per_owner IS NOT NULL"),
    ("V2", f"UPDATE voucher_redemption SET state = 'released' WHERE id = {of('redeemed')}"),
    ("V2", f"UPDATE voucher_redemption SET state = 'reserved' WHERE id = {of('redeemed')}"),
    ("V2", f"UPDATE voucher_redemption SET state = 'redeemed' WHERE id = {of('lapsed')}"),
    ("V2", f"UPDATE voucher_redemption SET state = 'lapsed' WHERE id = {of('released')}"),
    ("V2", f"UPDATE voucher_redemption SET settled_at = NULL WHERE id = {of('part')}"),
    ("V2", f"UPDATE voucher_use SET returned_at = NULL WHERE redemption_id = {of('whole')}"),
    ("V2", f"UPDATE voucher_use SET returned_at = '{STAMP}' WHERE redemption_id = {of('held')}"),
    ("V2", f"DELETE FROM voucher_rollback WHERE redemption_id = {of('whole')}"),
    ("V3", "UPDATE voucher_redemption SET source = 'till:1'"),
    ("V3", f"UPDATE voucher_rollback SET redemption_id = {of('part')}, source = 'return:1'"),
    ("V4", f"UPDATE voucher_redemption SET discount_minor = 1 WHERE id = {of('part')}"),
    ("V4", f"UPDATE voucher_use SET discount_minor = 501 WHERE redemption_id = {of('bound')}"),
    ("V4", "UPDATE voucher_terms SET value = 499 WHERE is_bound"),
    ("V4", "UPDATE voucher_terms SET most_minor = 399 WHERE kind = 'percent'"),
    ("V4", "UPDATE voucher_rollback SET discount_minor = 1 WHERE source = 'return:1'"),
    ("V5", f"UPDATE voucher SET valid_until = '{STAMP}' WHERE owner_id = 'nina'"),
    ("V5", "UPDATE voucher SET owner_id = 'sarah' WHERE owner_id = 'nina'"),
    ("budget", "UPDATE voucher_budget SET spent_minor = spent_minor + 1"),
    ("budget", "DELETE FROM voucher_budget"),
)  # fmt: skip


@pytest.fixture
def loose(clock: FixedClock) -> Iterator[Session]:
    """Honest vouchers in a database that lost what keeps them: checks, keys and triggers."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    with Session(engine) as session:
        keep_vouchers(session, clock)
        for table in ("voucher_terms", *LOOSE):
            session.execute(text(f"CREATE TABLE loose AS SELECT * FROM {table}"))
            session.execute(text(f"DROP TABLE {table}"))
            session.execute(text(f"ALTER TABLE loose RENAME TO {table}"))
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        yield session
    engine.dispose()


def test_a_row_that_was_changed_is_named_by_its_rule(loose: Session) -> None:
    assert {one.detail.split(":")[0] for one in books.verify(loose)} == {"nothing stops changes"}
    before = set(books.verify(loose))
    for rule, fault in FAULTS:
        with loose.begin_nested() as savepoint:
            changed = loose.execute(text(fault))
            assert isinstance(changed, CursorResult)
            assert changed.rowcount > 0, fault
            assert rule in {one.rule for one in set(books.verify(loose)) - before}, fault
            savepoint.rollback()


def test_terms_that_nothing_guards_any_more_are_named(session: Session) -> None:
    session.execute(text("DROP TRIGGER voucher_terms_refuses_update"))
    (found,) = books.verify(session)
    assert (found.rule, found.subject) == ("V2", "voucher_terms")


@both_databases
@pytest.mark.parametrize("end", ["void", "expired"])
def test_no_voucher_that_ended_ever_comes_back(session: Session, end: str) -> None:
    voucher_id = new_voucher(session).voucher_id
    change = text("UPDATE voucher SET state = :state WHERE id = :id")
    session.execute(change, {"state": end, "id": voucher_id})
    for other in {"issued", "void", "expired"} - {end}:
        with pytest.raises(DatabaseError, match="never goes back"), session.begin_nested():
            session.execute(change, {"state": other, "id": voucher_id})
    # Nothing else about it is refused.
    session.execute(text("UPDATE voucher SET owner_id = NULL, state = state"))
    assert books.verify(session) == []


def test_vouchers_that_nothing_keeps_from_coming_back_are_named(session: Session) -> None:
    session.execute(text("DROP TRIGGER voucher_state_one_way"))
    (found,) = books.verify(session)
    assert (found.rule, found.subject) == ("V2", "voucher")
