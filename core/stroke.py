"""A write of a row, at a fraction of the price of one that is built anew: a `Glance` that writes.

It is compiled once and put to the driver as it is, inside a session's transaction. What the session
has not flushed yet it does not see, nor does it flush it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Executable
from sqlalchemy.orm import Session

from core.sql import dialect

Row = tuple[Any, ...]
_Processor = Callable[[Any], Any]


class Stroke:
    """A prebuilt insert, update or delete; parameters by name, as their columns take them.

    Where the databases need different words, give a statement for each dialect.
    """

    def __init__(self, statement: Executable | Mapping[str, Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, session: Session, /, **given: Any) -> list[Row]:
        """Write, and give the rows that it returns; none where it returns nothing."""
        spoken = dialect(session)
        known = self._compiled.get(spoken) or self._compile(session.get_bind().dialect)
        given = known.parameters(given)
        result = session.connection().exec_driver_sql(known.sql, given)
        rows = [tuple(row) for row in result] if known.returns else []
        return [known.read(row) for row in rows] if known.readers else rows

    def _compile(self, spoken: Dialect) -> "_Compiled":
        statement: Any = self._statement
        if isinstance(statement, Mapping):
            statement = statement[spoken.name]
        compiled = statement.compile(dialect=spoken)
        columns = list(statement.exported_columns)
        bound = {name: compiled.binds[name] for name in compiled.params}
        writers = {
            name: one.type.dialect_impl(spoken).bind_processor(spoken)
            for name, one in bound.items()
        }
        readers = [one.type.dialect_impl(spoken).result_processor(spoken, None) for one in columns]
        constants = {
            name: _written(writers[name], compiled.params[name])
            for name, one in bound.items()
            if not one.required
        }
        known = _Compiled(
            str(compiled),
            constants,
            getattr(compiled, "positiontup", None),
            {name: writer for name, writer in writers.items() if writer},
            [(place, reader) for place, reader in enumerate(readers) if reader],
            bool(columns),
        )
        return self._compiled.setdefault(spoken.name, known)


@dataclass(frozen=True)
class _Compiled:
    sql: str
    constants: dict[str, Any]
    order: list[str] | None
    writers: dict[str, _Processor]
    readers: list[tuple[int, _Processor]]
    returns: bool

    def parameters(self, given: Mapping[str, Any]) -> Any:
        values = self.constants | {
            name: _written(self.writers.get(name), value) for name, value in given.items()
        }
        return values if self.order is None else tuple(values[name] for name in self.order)

    def read(self, row: Row) -> Row:
        values = list(row)
        for place, reader in self.readers:
            values[place] = reader(values[place])
        return tuple(values)


def _written(writer: _Processor | None, value: Any) -> Any:
    return value if writer is None else writer(value)
