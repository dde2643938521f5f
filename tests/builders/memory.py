"""Databases in memory for machines, which begin anew thousands of times."""

import sqlite3
from collections.abc import Iterable
from functools import cache

from sqlalchemy import Engine, Table, create_engine

from core.model import Base
from core.transaction import Database, prepare_engine


def empty_database(tables: Iterable[Table] | None = None) -> Database:
    """These tables without a row, or all that are known; whoever had them before is done.

    There is one for each set of tables: its schema is made once, and what SQLAlchemy compiled
    for one run it has for the next.
    """
    names = Base.metadata.tables if tables is None else (table.name for table in tables)
    engine, template = _made(tuple(names))
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        template.backup(raw)
    return Database(engine)


@cache
def _made(names: tuple[str, ...]) -> tuple[Engine, sqlite3.Connection]:
    engine = prepare_engine(create_engine("sqlite://"))
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[name] for name in names])
    template = sqlite3.connect(":memory:")
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.backup(template)
    return engine, template
