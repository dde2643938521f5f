"""The end of the latest closed season, asked only after a gate was passed: for PostgreSQL.

A statement sees what was committed before it began, so a gate that it passes itself comes too late
for it. Inside a volatile function each statement begins anew; gate, question and whatever uses the
answer are then one statement, and one round trip.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Function, func

from core.model import UtcDateTime

FUNCTION = """
CREATE OR REPLACE FUNCTION closed_end_behind_gate(gate bigint, programme text, instant timestamptz)
RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(gate);
    RETURN (
        SELECT max(ends_at) FROM season
        WHERE programme_id = programme AND closed_at IS NOT NULL AND ends_at > instant
    );
END $$
"""


def closed_end_behind_gate(gate: Any, programme_id: Any, instant: Any) -> Function[datetime]:
    """`queries.closed_end_after`, once the gate is passed together with others.

    The gate is held until the transaction ends; see `core.sql.close_gate`.
    """
    return func.closed_end_behind_gate(gate, programme_id, instant, type_=UtcDateTime())


def execute_function(_: Any, connection: Any, **__: object) -> None:
    """Listens to `after_create` of the seasons: makes the function wherever `create_all` does."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(FUNCTION)
