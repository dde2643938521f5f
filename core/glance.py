"""A look at a few rows, at a tenth of the price of a session.

A hot page first asks whether anything changed since it was rendered, and mostly nothing did; then
it asks for what it shows. Such a question is compiled once and put to the driver itself: no
session, no transaction, each statement as of its own moment.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Dialect, Engine, Executable

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
        with glancing(engine) as ask:
            rows = ask(self, **given)
        return rows[0] if rows else None

    def prepared(self, dialect: Dialect) -> "_Prepared":
        """The statement in a database's words."""
        return self._compiled.get(dialect.name) or self._compile(dialect)

    def _compile(self, dialect: Dialect) -> "_Prepared":
        statement: Any = self._statement
        if isinstance(statement, Mapping):
            statement = statement[dialect.name]
        compiled = statement.compile(dialect=dialect)
        types = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
        readers = [type_.result_processor(dialect, None) for type_ in types]
        prepared = _Prepared(
            str(compiled),
            dict(compiled.params),
            getattr(compiled, "positiontup", None),
            [(place, reader) for place, reader in enumerate(readers) if reader],
        )
        return self._compiled.setdefault(dialect.name, prepared)


@dataclass(frozen=True)
class _Prepared:
    sql: str
    constants: dict[str, Any]
    order: list[str] | None
    readers: list[tuple[int, Callable[[Any], Any]]]

    def parameters(self, given: Mapping[str, str]) -> Any:
        values = {**self.constants, **given}
        return values if self.order is None else [values[name] for name in self.order]

    def read(self, rows: list[Row]) -> list[Row]:
        """The rows as Python knows their values."""
        return [self._read(row) for row in rows] if self.readers else rows

    def _read(self, row: Row) -> Row:
        values = list(row)
        for place, reader in self.readers:
            values[place] = reader(values[place])
        return tuple(values)


class Ask(Protocol):
    """Every row that a glance sees now."""

    def __call__(self, what: Glance, /, **given: str) -> list[Row]: ...


@contextmanager
def glancing(engine: Engine) -> Iterator[Ask]:
    """Take several glances over one connection."""
    dialect = engine.dialect
    is_postgresql = dialect.name == "postgresql"
    connection: Any = engine.raw_connection()

    def ask(what: Glance, /, **given: str) -> list[Row]:
        prepared = what.prepared(dialect)
        cursor = connection.cursor()
        cursor.execute(prepared.sql, prepared.parameters(given))
        rows: list[Row] = cursor.fetchall()
        cursor.close()
        return prepared.read(rows)

    try:
        if is_postgresql:
            # Otherwise the driver would send a BEGIN before and a ROLLBACK after.
            connection.dbapi_connection.autocommit = True
        yield ask
    finally:
        if is_postgresql:
            connection.dbapi_connection.autocommit = False
        connection.close()
