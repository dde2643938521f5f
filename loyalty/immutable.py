"""Tables that only ever grow: the database itself refuses to change or remove their rows.

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


def missing_guards(session: Session, tables: Sequence[str]) -> list[tuple[str, str]]:
    """Each guard of these tables that is not there or sleeps: its table and its name."""
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect(session) == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    )
    there = set(session.scalars(text(catalogue)))
    return [(table, name) for table in tables for name in trigger_names(table) if name not in there]


def execute_guard(table: Any, connection: Any, **_: object) -> None:
    """Listens to `after_create` of a table: guards it wherever `create_all` makes it."""
    for statement in guard(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)
