"""Where figures are taken: an application on an empty database that goes away afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app import create_app
from core import log, transaction
from core.config import Settings
from core.garbage import leave_alone_what_is_loaded
from core.model import Base
from core.transaction import Database

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://127.0.0.1:5432/test")
SECRET = "a key for figures that is long enough to be one"


@contextmanager
def application(kind: str) -> Iterator[tuple[Flask, Database]]:
    """The whole application on an empty `sqlite` or `postgresql` database, as a server has it."""
    folder = Path(tempfile.mkdtemp(prefix="swingtag-bench-"))
    with _database(kind, folder) as url:
        settings = Settings(
            environment="test",
            database_url=url,
            secret_key=SECRET,
            public_url="http://localhost",
            data_dir=folder,
            rate_limits=False,
        )
        app = create_app(settings)
        with Path(os.devnull).open("w") as nowhere:
            log.configure("INFO", nowhere)
            database = transaction.database()
            Base.metadata.create_all(database.engine)
            leave_alone_what_is_loaded()
            yield app, database
            structlog.reset_defaults()
        app.extensions["switchboard"].stop()
        database.engine.dispose()
    shutil.rmtree(folder)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    name = f"swingtag_bench_{os.getpid()}"
    admin: Engine = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield admin.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()
