"""A look at a few rows, at a tenth of the price of a session.

A hot page first asks whether anything changed since it was rendered, and mostly nothing did; then
it asks for what it shows. Such a question is compiled once and put to the driver itself, without
a session: each statement as of its own moment, on SQLite all of a page as of one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import Dialect, Engine, Executable
from sqlalchemy.orm import Session

Row = tuple[Any, ...]


class Glance:
    """A prebuilt select; parameters by name, which are texts.

    Where the databases need different words, give a statement for each dialect.
    """

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Prepared] = {}

    def row(self, engine: Engine, **given: str) -> Row | None:
        """The first row, as of now."""
        with Glances(engine, is_one=True) as ask:
            rows = ask(self, **given)
        return rows[0] if rows else None

    def prepared(self, dialect: Dialect) -> "_Prepared":
        """The statement in a database's words."""
        return self._compiled.get(dialect.name) or self._compile(dialect)

    def _compile(self, dialect: Dialect) -> "_Prepared":
        statement: Any = self._statement
        if isinstance(statement, Mapping):
            statement = statement[dialect.name]
        compiled = statement.compile(dialect=_plainly_spoken(dialect))
        types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        readers = [type_.result_processor(dialect, None) for type_ in types]
        prepared = _Prepared.of(
            str(compiled),
            compiled.params,
            getattr(compiled, "positiontup", None) or (),
            [(place, reader) for place, reader in enumerate(readers) if reader],
            getattr(dialect.dbapi, "RawCursor", None),
        )
        return self._compiled.setdefault(dialect.name, prepared)


def _plainly_spoken(dialect: Dialect) -> Dialect:
    """A dialect whose parameters stand by number, as the database itself reads them."""
    if dialect.name != "postgresql":
        return dialect
    numbered: Any = type(dialect)
    found: Dialect = numbered(paramstyle="numeric_dollar")
    return found


@dataclass(frozen=True)
class _Prepared:
    sql: str | bytes
    line: list[Any]
    places: list[tuple[int, str]]
    readers: list[tuple[int, Callable[[Any], Any]]]
    cursor: Callable[[Any], Any] | None

    @classmethod
    def of(
        cls,
        sql: str,
        constants: Mapping[str, Any],
        order: Sequence[str],
        readers: list[tuple[int, Callable[[Any], Any]]],
        cursor: Callable[[Any], Any] | None,
    ) -> "_Prepared":
        """With parameters in `order`; through a `cursor` that takes a statement as it is, where the
        driver has one and would else look for parameters in it each time."""
        known = {name for name, value in constants.items() if value is not None}
        places = [(place, name) for place, name in enumerate(order) if name not in known]
        line = [constants[name] for name in order]
        return cls(sql if cursor is None else sql.encode(), line, places, readers, cursor)

    def rows(self, driver: Any, given: Mapping[str, str]) -> list[Row]:
        """What the driver sees now, as Python knows the values."""
        values = self.line.copy()
        for place, name in self.places:
            values[place] = given[name]
        if self.cursor is None:
            cursor = driver.execute(self.sql, values)
        else:
            cursor = self.cursor(driver)
            cursor.execute(self.sql, values)
        rows: list[Row] = cursor.fetchall()
        cursor.close()
        return [self._read(row) for row in rows] if self.readers else rows

    def _read(self, row: Row) -> Row:
        values = list(row)
        for place, reader in self.readers:
            # Of a null there is nothing to read, and there may be many.
            if values[place] is not None:
                values[place] = reader(values[place])
        return tuple(values)


def instant(at: datetime) -> str:
    """An instant as a parameter: both databases read it, and SQLite keeps instants so."""
    return at.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")


class Ask(Protocol):
    """Every row that a glance sees now."""

    def __call__(self, what: Glance, /, **given: str) -> list[Row]: ...


class Glances:
    """Several glances over one connection, as a context that gives what asks; or only one."""

    def __init__(self, engine: Engine, *, is_one: bool = False) -> None:
        self._engine = engine
        self._is_postgresql = engine.dialect.name == "postgresql"
        # SQLite would lock and unlock for each statement; PostgreSQL would be asked twice more.
        self._is_one_moment = not (self._is_postgresql or is_one)

    def __enter__(self) -> "Glances":
        self._connection = self._engine.raw_connection()
        driver: Any = self._connection.dbapi_connection
        self._driver = driver
        if self._is_postgresql:
            # Otherwise the driver would send a BEGIN before and a ROLLBACK after.
            self._driver.autocommit = True
        elif self._is_one_moment:
            self._driver.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_postgresql:
            self._driver.autocommit = False
        elif self._is_one_moment:
            self._driver.execute("ROLLBACK")
        self._connection.close()

    def __call__(self, what: Glance, /, **given: str) -> list[Row]:
        """Every row that a glance sees now."""
        return what.prepared(self._engine.dialect).rows(self._driver, given)


def within(session: Session) -> Ask:
    """What asks inside a session's transaction, past the session: it sees what was flushed."""
    spoken = session.get_bind().dialect
    driver: Any = session.connection().connection.driver_connection

    def ask(what: Glance, /, **given: str) -> list[Row]:
        return what.prepared(spoken).rows(driver, given)

    return ask
