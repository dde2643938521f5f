"""A look at one row, at a tenth of the price of a session.

A hot page first asks whether anything changed since it was rendered, and mostly nothing did. That
one question is compiled once and put to the driver itself: no session, no transaction.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, Executable


class Glance:
    """A prebuilt select whose columns are plain numbers and texts; parameters by name.

    Where the databases need different words, give a statement for each dialect.
    """

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any], list[str] | None]] = {}

    def row(self, engine: Engine, **given: str) -> tuple[Any, ...] | None:
        """The first row, as of now."""
        prepared = self._compiled.get(engine.dialect.name) or self._compile(engine)
        sql, constants, order = prepared
        parameters: Any = constants | given
        if order is not None:
            parameters = [parameters[name] for name in order]
        is_postgresql = engine.dialect.name == "postgresql"
        connection: Any = engine.raw_connection()
        try:
            if is_postgresql:
                # Otherwise the driver would send a BEGIN before and a ROLLBACK after.
                connection.dbapi_connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(sql, parameters)
            row: tuple[Any, ...] | None = cursor.fetchone()
            cursor.close()
            return row
        finally:
            if is_postgresql:
                connection.dbapi_connection.autocommit = False
            connection.close()

    def _compile(self, engine: Engine) -> tuple[str, dict[str, Any], list[str] | None]:
        name = engine.dialect.name
        statement: Any = self._statement
        if isinstance(statement, Mapping):
            statement = statement[name]
        compiled = statement.compile(dialect=engine.dialect)
        order = getattr(compiled, "positiontup", None)
        prepared = (str(compiled), dict(compiled.params), order)
        return self._compiled.setdefault(name, prepared)
