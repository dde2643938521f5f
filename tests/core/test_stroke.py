"""A write that is put to the driver itself: values, rows and the transaction are as ever."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.outbox import Job
from core.stroke import Stroke
from core.transaction import Database
from tests.conftest import NOON, both_databases

_JOB: Any = Job.__table__
NAMES = ("id", "kind", "key", "payload", "due_at")


def _put(dialect_insert: Any) -> Any:
    given: dict[str, Any] = {name: bindparam(name) for name in NAMES}
    statement = dialect_insert(_JOB).values(**given, attempts=0).on_conflict_do_nothing()
    return statement.returning(_JOB.c.id, _JOB.c.due_at, _JOB.c.payload)


PUT = Stroke({"sqlite": _put(sqlite_insert), "postgresql": _put(postgresql_insert)})
REOPENED = Stroke(
    update(_JOB).where(_JOB.c.id == bindparam("job")).values(done_at=None, attempts=3)
)
UNKINDED = Stroke(update(_JOB).where(_JOB.c.id == bindparam("job")).values(kind=None))
DUE = {"id": "J" * 26, "kind": "test", "key": "once", "payload": {"a": [1, "é"]}, "due_at": NOON}


def kept(session: Session) -> Job:
    """The job as the mapped class reads it."""
    return session.scalars(select(Job)).one()


@both_databases
def test_values_go_in_and_rows_come_out_as_their_columns_have_them(db: Database) -> None:
    with db.write() as session:
        assert PUT(session, **DUE) == [(DUE["id"], NOON, DUE["payload"])]
    with db.read() as session:
        found = kept(session)
        assert (found.payload, found.due_at, found.key) == (DUE["payload"], NOON, "once")


@both_databases
def test_what_a_constraint_forbids_returns_no_row(db: Database) -> None:
    with db.write() as session:
        PUT(session, **DUE)
        assert PUT(session, **DUE | {"id": "K" * 26}) == []


@both_databases
def test_an_instant_of_another_zone_is_the_same_instant(db: Database) -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=9)))
    with db.write() as session:
        ((_, due_at, _),) = PUT(session, **DUE | {"due_at": elsewhere})
        assert (due_at, due_at.tzinfo) == (NOON, UTC)


@both_databases
def test_constants_of_the_statement_are_written_none_among_them(db: Database) -> None:
    with db.write() as session:
        PUT(session, **DUE)
        session.execute(text("UPDATE job SET done_at = due_at"))
        assert REOPENED(session, job=DUE["id"]) == []
        assert (kept(session).done_at, kept(session).attempts) == (None, 3)


@both_databases
def test_it_is_part_of_the_transaction(db: Database) -> None:
    class Stop(Exception):
        pass

    with pytest.raises(Stop), db.write() as session:
        PUT(session, **DUE)
        raise Stop
    with db.read() as session:
        assert session.scalars(select(Job)).all() == []


def test_an_instant_without_a_zone_and_a_value_left_out_are_refused(db: Database) -> None:
    with db.write() as session:
        with pytest.raises(ValueError, match="time zone"):
            PUT(session, **DUE | {"due_at": datetime(2026, 1, 1)})  # noqa: DTZ001
        with pytest.raises(KeyError, match="due_at"):
            PUT(session, **{name: value for name, value in DUE.items() if name != "due_at"})


@both_databases
def test_what_the_database_refuses_is_raised_as_everywhere(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write() as session:
        PUT(session, **DUE)
        UNKINDED(session, job=DUE["id"])
