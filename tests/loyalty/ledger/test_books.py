"""The books cannot be changed, and where somebody managed to, it shows."""

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.orm import Session

from core.transaction import Database
from loyalty.immutable import APPEND_ONLY, guards, trigger_names
from loyalty.ledger import books
from tests.builders.points import earn, reverse, spend
from tests.conftest import both_databases


def keep_books(session: Session) -> None:
    """A little of everything, a return debt included."""
    earn(session, "nina", 100, source="receipt:1")
    earn(session, "sarah", 40, source="receipt:2")
    spend(session, "nina", 60, source="voucher:1")
    reverse(session, "receipt:1", 90, source="return:1")


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
FAULTS = {
    "L1": f"UPDATE ledger_leg SET amount = 41, balance_after = 41 WHERE {SARAH}",
    "L2": "UPDATE ledger_account SET balance = balance + 1 WHERE owner_id = 'sarah'",
    "L3": "UPDATE ledger_account SET balance = balance + 1 WHERE owner_id = 'sarah'",
    "L4": f"UPDATE ledger_leg SET balance_after = 39 WHERE {SARAH}",
    "L5": "UPDATE ledger_transaction SET reverses_id = NULL WHERE source = 'return:1'",
}


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
    for table in ("ledger_leg", "ledger_transaction"):
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
