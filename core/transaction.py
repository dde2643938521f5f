"""The only place that commits.

Imported by `web.write` and by `jobs`; everything below is handed a session and never ends it.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from core.bell import Bell, LocalBell
from core.glance import Glance, Glances
from core.outbox import has_news

BUSY_TIMEOUT_SECONDS = 15
_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


class FairLock:
    """A lock that is handed over in the order of arrival.

    SQLite's busy-wait starves some writers under load; waiting in line before `BEGIN
    IMMEDIATE` gives every thread of the process its turn.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._queue.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._held = False


class NoLock:
    """PostgreSQL queues writers itself."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def prepare_engine(engine: Engine) -> Engine:
    """Give SQLite connections the settings that make commits durable and writers orderly."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    # The driver must not open transactions of its own: whether one begins as a reader or as a
    # writer is decided in `_begin_sqlite`.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    for name, value in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reading(engine: Engine) -> Engine:
    if engine.dialect.name == "postgresql":
        # SQLite's readers see one moment of the data by nature; PostgreSQL's have to ask.
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def _check_pragmas(connection: Connection) -> None:
    for name, wanted in _PRAGMAS.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        if found != wanted:
            raise NotReady(f"SQLite has {name}={found}, needs {wanted}")


class NotReady(Exception):
    """The database does not answer, or would not keep what it promises."""


class Database:
    """An engine and the two ways to use it: `write`, which commits once, and `read`."""

    def __init__(self, engine: Engine, bell: Bell | None = None) -> None:
        self.engine = engine
        self.bell = bell or LocalBell()
        self._lock = FairLock() if engine.dialect.name == "sqlite" else NoLock()
        self._writers = sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)
        self._readers = sessionmaker(_reading(engine), expire_on_commit=False)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends well, rolled back when it raises."""
        with self._lock, self._writers() as session:
            yield session
            session.commit()
        if has_news(session):
            self.bell.ring()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view of the data; nothing is ever written."""
        with self._readers() as session:
            yield session

    def glance(self, what: Glance, **given: str) -> tuple[Any, ...] | None:
        """One row as of now, outside any session."""
        return what.row(self.engine, **given)

    def glances(self, *, is_one: bool = False) -> Glances:
        """Several glances over one connection, or `is_one` that hardly any other follows."""
        return Glances(self.engine, is_one=is_one)

    def truncate_log(self) -> None:
        """SQLite: move the log beside the database into it and empty the log.

        Raises NotReady where somebody still reads what was before. PostgreSQL recycles its log
        itself, and its dead rows go with VACUUM.
        """
        if self.engine.dialect.name == "sqlite":
            with self._lock, self.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert isinstance(raw, sqlite3.Connection)
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise NotReady("SQLite’s log is still being read")

    def check(self) -> None:
        """Assert that the database answers and, on SQLite, that durability is as promised.

        Raises NotReady.
        """
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                if self.engine.dialect.name == "sqlite":
                    _check_pragmas(connection)
        except SQLAlchemyError as error:
            raise NotReady(type(error).__name__) from error


class Late:
    """A session that is opened once somebody wants it, by calling; a context that closes it."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Session]]) -> None:
        self._begin = begin
        self._opened: AbstractContextManager[Session] | None = None

    def __enter__(self) -> "Late":
        return self

    def __call__(self) -> Session:
        """The session, the same each time."""
        if self._opened is None:
            opened = self._begin()
            self._session = opened.__enter__()
            self._opened = opened
        return self._session

    def __exit__(self, *raised: Any) -> None:
        if self._opened is not None:
            self._opened.__exit__(*raised)


_bound: Database | None = None


def bind(database: Database) -> None:
    """Make `database` the one that this process uses."""
    global _bound
    _bound = database


def database() -> Database:
    """The database bound at start."""
    if _bound is None:
        raise RuntimeError("no database is bound: create_app() does it")
    return _bound
