"""Transactions: committed once, rolled back whole, readable by others only after commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.outbox import Event, emit
from core.transaction import Database, Late
from tests.conftest import both_databases


@dataclass(frozen=True)
class TillOpened:
    """An event for these tests."""

    till_id: str


def kinds(db: Database) -> list[str]:
    with db.read() as session:
        return list(session.scalars(select(Event.kind)))


@both_databases
def test_a_block_that_ends_well_is_committed_and_rings(db: Database) -> None:
    rings: list[int] = []
    db.bell.ring = lambda: rings.append(1)  # type: ignore[method-assign]
    with db.write() as session:
        emit(session, TillOpened("3"), topics=["store:1"])
    assert kinds(db) == ["TillOpened"]
    assert rings == [1]


@both_databases
def test_a_block_that_raises_leaves_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        emit(session, TillOpened("3"))
        session.flush()
        raise ZeroDivisionError
    assert kinds(db) == []


def test_sqlite_is_asserted_to_be_durable(sqlite_db: Database) -> None:
    sqlite_db.check()


@both_databases
def test_a_reader_sees_one_moment(db: Database) -> None:
    with db.read() as reader:
        before = list(reader.scalars(select(Event.kind)))
        with db.write() as session:
            emit(session, TillOpened("3"))
        assert list(reader.scalars(select(Event.kind))) == before
    assert kinds(db) == ["TillOpened"]


def test_a_late_session_is_opened_by_who_wants_it_once_and_closed(db: Database) -> None:
    seen: list[str] = []

    @contextmanager
    def begin() -> Iterator[Session]:
        seen.append("opened")
        with db.read() as session:
            yield session
        seen.append("closed")

    with Late(begin):
        pass
    assert seen == []
    with Late(begin) as late:
        assert late() is late()
    assert seen == ["opened", "closed"]
