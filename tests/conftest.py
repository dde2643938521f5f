"""Databases and clocks for every test: one schema built once, a fresh copy for each test."""

import importlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
import redis
import structlog
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import clock as core_clock
from core import log
from core.clock import FixedClock
from core.model import Base
from core.transaction import Database, prepare_engine

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://127.0.0.1:5432/test")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
KEY = b"a key for tests that is long enough to be one"


def import_all_tables() -> None:
    """Fill the metadata: every room's models and the core's own tables."""
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
    except OperationalError:
        missing_service("PostgreSQL")
    engine = create_engine(admin.url.set(database=name), pool_size=40)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def sqlite_db(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of this test's own, on SQLite."""
    path = tmp_path / "swingtag.db"
    shutil.copy(sqlite_template, path)
    engine = prepare_engine(create_engine(f"sqlite:///{path}", connect_args={"timeout": 15}))
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def postgresql_db(postgresql_engine: Engine) -> Iterator[Database]:
    """The PostgreSQL database, emptied after the test."""
    yield Database(postgresql_engine)
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with postgresql_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))


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
