"""Tables that only ever grow, and states that never go back: the database itself refuses.

The statements are plain text, so that `create_all` and a migration execute the same ones.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.sql import dialect

APPEND_ONLY = (
    *("ledger_transaction", "ledger_leg", "ledger_lot_move"),
    *("earning_terms", "earning_award", "earning_award_part"),
    *("voucher_terms", "voucher_rollback"),
    *("final_standing", "score_correction", "prize_grant"),
    "reward",
)

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only',
        ERRCODE = 'integrity_constraint_violation';
END $$
"""


_WAY_BACK = """
CREATE OR REPLACE FUNCTION refuse_way_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' never goes back',
        ERRCODE = 'integrity_constraint_violation';
END $$
"""


def trigger_names(table: str) -> list[str]:
    """The names of the triggers that guard a table, the same on both databases."""
    return [f"{table}_refuses_update", f"{table}_refuses_delete"]


def guard(table: str, spoken: str) -> list[str]:
    """The statements that make one table append-only, in the order to execute them."""
    statements = [] if spoken == "sqlite" else [_FUNCTION]
    for name, verb in zip(trigger_names(table), ("UPDATE", "DELETE"), strict=True):
        action = (
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            if spoken == "sqlite"
            else "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        statements.append(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {action}")
    return statements


def guards(spoken: str, tables: Sequence[str] = APPEND_ONLY) -> list[str]:
    """The statements for every append-only table of this library, for a migration to execute."""
    return [statement for table in tables for statement in guard(table, spoken)]


def missing_guards(
    session: Session, tables: Sequence[str], one_ways: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Each guard of these tables that is not there or sleeps: its table and its name."""
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect(session) == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    )
    there = set(session.scalars(text(catalogue)))
    wanted = [(table, name) for table in tables for name in trigger_names(table)]
    wanted += [(table, f"{table}_state_one_way") for table in one_ways]
    return [(table, name) for table, name in wanted if name not in there]


def one_way(table: str, first: str, spoken: str) -> list[str]:
    """The statements by which rows of a table leave a first state once, for good."""
    name, moves = f"{table}_state_one_way", f"OLD.state <> '{first}' AND NEW.state <> OLD.state"
    if spoken == "sqlite":
        action = f"WHEN {moves} BEGIN SELECT RAISE(ABORT, '{table} never goes back'); END"
        return [f"CREATE TRIGGER {name} BEFORE UPDATE OF state ON {table} {action}"]
    action = f"FOR EACH ROW WHEN ({moves}) EXECUTE FUNCTION refuse_way_back()"
    return [_WAY_BACK, f"CREATE TRIGGER {name} BEFORE UPDATE OF state ON {table} {action}"]


def execute_guard(table: Any, connection: Any, **_: object) -> None:
    """Listens to `after_create` of a table: guards it wherever `create_all` makes it."""
    for statement in guard(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)


def execute_one_way(table: Any, connection: Any, **_: object) -> None:
    """Listens to `after_create` of a table whose rows begin `issued`, likewise."""
    for statement in one_way(table.name, "issued", connection.dialect.name):
        connection.exec_driver_sql(statement)
