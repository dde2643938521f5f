"""Databases and clocks for every test: one schema built once, a fresh copy for each test."""

import importlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import redis
import structlog
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling, Scheduling

from core import clock as core_clock
from core import log
from core.clock import FixedClock
from core.garbage import leave_alone_what_is_loaded
from core.model import Base
from core.transaction import Database, prepare_engine
from loyalty.immutable import APPEND_ONLY
from tests import scale

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://127.0.0.1:5432/test")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
KEY = b"a key for tests that is long enough to be one"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat a test that is marked `proof(rounds=…)` as often as the scale says."""
    numbers = scale.seeds(metafunc.definition.get_closest_marker("proof"))
    if len(numbers) > 1:
        if "proof_round" not in metafunc.fixturenames:
            metafunc.fixturenames.append("proof_round")
        ids = scale.round_ids(numbers)
        metafunc.parametrize("proof_round", numbers, ids=ids, indirect=True)


def pytest_collection_finish() -> None:
    """Look for garbage as a serving process does: rarely, and not in what is here to stay."""
    leave_alone_what_is_loaded()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print why what was run again failed at first, and, where proofs were asked for, the seconds
    of each.
    """
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"failed at first: {report.nodeid}")
        terminalreporter.write_line(report.longreprtext)
    if scale.FACTOR:
        terminalreporter.section("seconds of each proof")
        stats = terminalreporter.stats
        reports = [report for kind in ("passed", "failed", "") for report in stats.get(kind, [])]
        for line in scale.table(reports):
            terminalreporter.write_line(line)


@pytest.fixture
def proof_round(request: pytest.FixtureRequest) -> int:
    """Which round of a proof this is, for its seed; 0 in `make test`."""
    return int(getattr(request, "param", 0))


class BrowserFirst(LoadGroupScheduling):
    """One test at a time to whoever is free, and the browser's, all of them to one, first.

    The others share a browser and a shop, and the longest must not be the last to begin. By path,
    because pytest 9.2 no longer shows this plugin the groups that are marked.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/e2e/") else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Who does which test, where `--dist loadgroup` asks for it."""
    return BrowserFirst(config, log) if config.option.dist == "loadgroup" else None


def import_all_tables() -> None:
    """Fill the metadata: every room's models and the core's own tables."""
    importlib.import_module("core.installation")
    importlib.import_module("core.outbox")
    importlib.import_module("core.replay")
    for package in ("loyalty", "retail"):
        for path in sorted((ROOT / package).rglob("models.py")):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def missing_service(what: str) -> None:
    """Skip aloud on a laptop; in CI a missing service is an error."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and in CI nothing may be")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with the whole schema."""
    import_all_tables()
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = prepare_engine(create_engine(f"sqlite:///{path}"))
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_engine() -> Iterator[Engine]:
    """A PostgreSQL database of this test process's own, with the whole schema."""
    import_all_tables()
    name = f"swingtag_test_{os.getpid()}"
    admin = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
            # No test crashes the database itself, so none need wait for its disk.
            connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit TO off"))
    except OperationalError:
        missing_service("PostgreSQL")
    engine = create_engine(admin.url.set(database=name), pool_size=40)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_engine(sqlite_template: Path) -> Engine:
    """One engine for the files of all tests in turn: a statement compiled for one is for all."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(str(engine.url.database), timeout=15, check_same_thread=False)

    engine = prepare_engine(create_engine(f"sqlite:///{sqlite_template}", creator=connect))
    return engine


@pytest.fixture
def sqlite_db(sqlite_engine: Engine, sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of this test's own, on SQLite."""
    path = tmp_path / "swingtag.db"
    shutil.copy(sqlite_template, path)
    sqlite_engine.url = make_url(f"sqlite:///{path}")
    yield Database(sqlite_engine)
    sqlite_engine.dispose()


@pytest.fixture
def postgresql_db(postgresql_engine: Engine) -> Iterator[Database]:
    """The PostgreSQL database, emptied after the test."""
    yield Database(postgresql_engine)
    with postgresql_engine.begin() as connection:
        empty(connection)


def empty(connection: Connection) -> None:
    """Remove every row. To truncate all tables, most of them empty, takes seven times as long."""
    names = [table.name for table in reversed(Base.metadata.sorted_tables)]
    # Whatever a killed process left under way ends first.
    connection.execute(text(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"))
    looks = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names
    )
    filled = set(connection.scalars(text(looks)))
    if filled.intersection(APPEND_ONLY):
        # What hangs on a row that may not be deleted goes with it.
        gone = sorted(filled.intersection(APPEND_ONLY))
        connection.execute(text(f"TRUNCATE {', '.join(gone)} CASCADE"))
    for name in names:
        if name in filled and name not in APPEND_ONLY:
            connection.execute(text(f"DELETE FROM {name}"))
    used = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
    for sequence in connection.scalars(text(used)).all():
        connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Database:
    """The database of this test: SQLite, or both for tests marked with `both_databases`."""
    kind = getattr(request, "param", "sqlite")
    database: Database = request.getfixturevalue(f"{kind}_db")
    return database


both_databases = pytest.mark.parametrize(
    "db", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    """One write transaction, committed when the test ends well."""
    with db.write() as session:
        yield session


@pytest.fixture(autouse=True)
def clock() -> Iterator[FixedClock]:
    """The clock stands at noon UTC on 22 November 2026 until a test moves it."""
    fixed = FixedClock(NOON)
    with core_clock.installed(fixed):
        yield fixed


@pytest.fixture(params=["without Redis", pytest.param("with Redis", marks=pytest.mark.redis)])
def redis_url(request: pytest.FixtureRequest) -> str | None:
    """The doorbell across processes, absent and present: everything works either way."""
    if request.param == "without Redis":
        return None
    found: str = request.getfixturevalue("redis_server")
    return found


@pytest.fixture
def redis_server() -> str:
    """The address of a Redis that answers."""
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        missing_service("Redis")
    return REDIS


@pytest.fixture
def logs() -> Iterator[Callable[[], str]]:
    """What was logged so far, as an installation logs."""
    paper = StringIO()
    log.configure("DEBUG", paper)
    yield paper.getvalue
    structlog.reset_defaults()
