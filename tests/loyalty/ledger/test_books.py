"""The books cannot be changed, and where somebody managed to, it shows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.model import Base
from core.transaction import Database
from loyalty.immutable import APPEND_ONLY, guards, trigger_names
from loyalty.ledger import books
from loyalty.ledger.ends import release
from loyalty.ledger.models import (
    LedgerAccount,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
    LedgerTransaction,
)
from tests.builders.points import PROGRAMME, earn, reverse, spend
from tests.conftest import both_databases

MODELS: tuple[Any, ...] = (
    LedgerAccount,
    LedgerTransaction,
    LedgerLeg,
    LedgerLot,
    LedgerLotMove,
)


def keep_books(session: Session) -> None:
    """A little of everything, a return debt included."""
    earn(session, "nina", 100, source="receipt:1")
    earn(session, "sarah", 40, source="receipt:2")
    spend(session, "nina", 60, source="voucher:1")
    reverse(session, "receipt:1", 90, source="return:1")
    now = core_clock.now()
    later = {"available_at": now, "wallet": "credits"}
    earn(session, "nina", 30, source="receipt:3", **later)
    release(
        session, programme_id=PROGRAMME, of="receipt:3", now=now, expires_at=now + timedelta(days=1)
    )
    spend(session, "nina", 7, source="voucher:2", wallet="credits")


@both_databases
def test_honest_books_add_up(session: Session) -> None:
    keep_books(session)
    assert books.verify(session) == []


CHANGES = (
    "UPDATE ledger_leg SET amount = amount + 1",
    "UPDATE ledger_leg SET balance_after = 0",
    "DELETE FROM ledger_leg",
    "UPDATE ledger_transaction SET source = 'another'",
    "DELETE FROM ledger_transaction WHERE source = 'receipt:2'",
)


@both_databases
def test_the_database_refuses_to_change_what_was_posted(db: Database) -> None:
    with db.write() as session:
        keep_books(session)
    for change in CHANGES:
        with pytest.raises(IntegrityError, match="append-only"), db.write() as session:
            session.execute(text(change))
    with db.read() as session:
        assert books.verify(session) == []


@both_databases
def test_the_database_refuses_an_overdraft(db: Database) -> None:
    with db.write() as session:
        keep_books(session)
    with pytest.raises(IntegrityError, match="never_below_zero"), db.write() as session:
        session.execute(
            text("UPDATE ledger_account SET balance = balance - 41 WHERE owner_id = 'sarah'")
        )


SARAH = "account_id = (SELECT id FROM ledger_account WHERE owner_id = 'sarah')"
OF_RETURN = "transaction_id = (SELECT id FROM ledger_transaction WHERE source = 'return:1')"
FAULTS = {
    "L1": f"UPDATE ledger_leg SET amount = 41, balance_after = 41 WHERE {SARAH}",
    "L2": "UPDATE ledger_account SET balance = balance + 1 WHERE owner_id = 'sarah'",
    "L3": "UPDATE ledger_account SET balance = balance + 1 WHERE owner_id = 'sarah'",
    "L4": f"UPDATE ledger_leg SET balance_after = 39 WHERE {SARAH}",
    "L5": "UPDATE ledger_transaction SET reverses_id = NULL WHERE source = 'return:1'",
    "L8": f"UPDATE ledger_leg SET amount = -1 - amount WHERE {OF_RETURN}",
}
LOTS = (
    "UPDATE ledger_lot SET remaining = remaining - 1 WHERE remaining = 23",
    "UPDATE ledger_lot SET opened = 40, remaining = 33 WHERE remaining = 23",
    "UPDATE ledger_lot_move SET amount = amount - 1",
    "DELETE FROM ledger_lot_move WHERE amount = -7",
)


def broken_rules(session: Session, *statements: str) -> set[str]:
    """What `verify` finds after these statements, which are then taken back."""
    before = books.verify(session)
    savepoint = session.begin_nested()
    for statement in statements:
        session.execute(text(statement))
    found = {violation.rule for violation in books.verify(session) if violation not in before}
    savepoint.rollback()
    return found


@both_databases
def test_a_planted_fault_is_found(session: Session) -> None:
    keep_books(session)
    remove_guards(session)
    assert {violation.rule for violation in books.verify(session)} == {"L4"}
    for rule, fault in FAULTS.items():
        assert rule in broken_rules(session, fault)
    session.rollback()


@both_databases
def test_a_lot_that_does_not_fit_its_moves_or_its_balance_is_found(session: Session) -> None:
    keep_books(session)
    remove_guards(session)
    for fault in LOTS:
        assert "L3" in broken_rules(session, fault), fault
    session.rollback()


def test_a_source_that_had_two_effects_is_found() -> None:
    """Only a database that lost its constraint can have it, so one is built without."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])
    with Session(engine) as session:
        keep_books(session)
        found = {violation.rule for violation in books.verify(session)}
        assert found == set()
        session.execute(text("CREATE TABLE another AS SELECT * FROM ledger_transaction"))
        session.execute(text("DROP TABLE ledger_transaction"))
        session.execute(text("ALTER TABLE another RENAME TO ledger_transaction"))
        session.execute(text("UPDATE ledger_transaction SET source = 'receipt:1'"))
        assert "L6" in {violation.rule for violation in books.verify(session)}
    engine.dispose()


@both_databases
def test_points_that_could_be_fractions_are_found(session: Session) -> None:
    keep_books(session)
    remove_guards(session)
    fault = (
        f"UPDATE ledger_leg SET amount = 40.5 WHERE {SARAH}"
        if session.get_bind().dialect.name == "sqlite"
        else "ALTER TABLE ledger_leg ALTER COLUMN amount TYPE numeric"
    )
    assert "L9" in broken_rules(session, fault)
    session.rollback()


@both_databases
def test_a_transaction_that_vanished_is_missed(session: Session) -> None:
    keep_books(session)
    remove_guards(session)
    for source in ("voucher:1", "return:1"):
        gone = f"FROM ledger_transaction WHERE source = '{source}'"
        legs = f"DELETE FROM ledger_leg WHERE transaction_id IN (SELECT id {gone})"
        assert {"L1", "L3"} <= broken_rules(session, legs)
        assert "L3" in broken_rules(session, legs, f"DELETE {gone}")
    session.rollback()


@both_databases
def test_an_unflagged_debt_is_found(session: Session) -> None:
    keep_books(session)
    session.execute(text("UPDATE ledger_account SET owes = true WHERE owner_id = 'sarah'"))
    assert [violation.rule for violation in books.verify(session)] == ["L5"]
    session.rollback()


def remove_guards(session: Session) -> None:
    """Take the triggers off; the test's transaction is rolled back, so they come again."""
    on_table = session.get_bind().dialect.name == "postgresql"
    for table in ("ledger_leg", "ledger_transaction", "ledger_lot_move"):
        for name in trigger_names(table):
            session.execute(text(f"DROP TRIGGER {name}" + (f" ON {table}" if on_table else "")))


def test_a_migration_makes_the_same_guards() -> None:
    engine: Engine = create_engine("sqlite://")
    with engine.begin() as connection:
        for table in APPEND_ONLY:
            connection.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER)")
        for statement in guards("sqlite"):
            connection.exec_driver_sql(statement)
        for table in APPEND_ONLY:
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES (1)")
            with pytest.raises(DatabaseError, match="append-only"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
    engine.dispose()
