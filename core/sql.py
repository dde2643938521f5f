"""Statements that SQLite and PostgreSQL spell differently."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Boolean,
    ClauseElement,
    ColumnElement,
    Executable,
    Table,
    case,
    column,
    func,
    insert,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import CursorResult, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.model import ID_LENGTH, Base, UtcDateTime

if TYPE_CHECKING:
    # Only named, never needed where the database is SQLite.
    from psycopg import Connection

# What SQLite itself advises for a database of any size.
_ROWS_LOOKED_AT = 400
_NEVER = "'9999-12-31 23:59:59.999999'"
Given = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def dialect(session: Session) -> str:
    """`sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def refresh_statistics(session: Session) -> None:
    """Let SQLite see what its tables hold, so that of two indexes it takes the one that narrows.

    Without it, rows by id within a brand are looked for among all of the brand's. It reads so many
    rows of each index at most, however many there are; PostgreSQL does the same by itself.
    """
    if dialect(session) == "sqlite":
        session.execute(text(f"PRAGMA analysis_limit = {_ROWS_LOOKED_AT}"))
        session.execute(text("ANALYZE"))


class earliest(FunctionElement[datetime]):  # noqa: N801
    """The earliest of several instants, some of which are null; null where all are."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(earliest)
def _least(element: earliest, compiler: SQLCompiler, **how: Any) -> str:
    return f"least({compiler.process(element.clauses, **how)})"


@compiles(earliest, "sqlite")
def _least_but_null(element: earliest, compiler: SQLCompiler, **how: Any) -> str:
    # There the least of some is null where one of them is.
    some = [f"coalesce({compiler.process(each, **how)}, {_NEVER})" for each in element.clauses]
    return f"nullif(min({', '.join(some)}), {_NEVER})"


class among(FunctionElement[bool]):  # noqa: N801
    """Whether a column is one of the texts of a list, which is one parameter: JSON."""

    type = Boolean()
    inherit_cache = True


@compiles(among)
def _of_array(element: among, compiler: SQLCompiler, **how: Any) -> str:
    one, texts = (compiler.process(part, **how) for part in element.clauses)
    # An array that is made once, so that an index is looked into for each of its texts.
    return f"{one} = ANY (ARRAY(SELECT json_array_elements_text(CAST({texts} AS json))))"


@compiles(among, "sqlite")
def _of_json(element: among, compiler: SQLCompiler, **how: Any) -> str:
    one, texts = (compiler.process(part, **how) for part in element.clauses)
    return f"{one} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 (compiled parts)


def ends_below(column: Any, tail: str) -> ColumnElement[bool]:
    """Whether a row id ends below these characters: so is a share of them, drawn by chance.

    Row ids end in random characters; see `core.ids.new_id`.
    """
    return func.substr(column, ID_LENGTH - len(tail) + 1, len(tail)) < tail


def _insert(session: Session, model: Any) -> Any:
    return (postgresql_insert if dialect(session) == "postgresql" else sqlite_insert)(model)


def insert_ignore(session: Session, model: type[Base], **values: Any) -> bool:
    """Insert a row unless a unique constraint already holds one; tells whether it was inserted.

    On PostgreSQL a twin in flight is waited for, so the answer is final.
    """
    return execute(session, _ignoring(model, dialect(session)), values).rowcount == 1


@cache
def _ignoring(model: type[Base], spoken: str) -> Any:
    dialect_insert = postgresql_insert if spoken == "postgresql" else sqlite_insert
    statement = dialect_insert(cast("Table", model.__table__)).on_conflict_do_nothing()
    # Without the option, psycopg's count is gone before it can be asked for.
    return statement.execution_options(preserve_rowcount=True)


def execute(session: Session, statement: Executable, given: Given) -> CursorResult[Any]:
    """Execute a prebuilt statement on tables, past the mapped classes and at half their price.

    What the session has not written yet, goes first; what it has loaded, stays as it was.
    """
    session.flush()
    return session.connection().execute(statement, given)


def insert_many(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert all rows in one statement; nothing to do for none."""
    if rows:
        session.execute(insert(model), rows)


def insert_new(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> set[str]:
    """Insert those rows that no unique constraint forbids; gives the `id` of each inserted."""
    if not rows:
        return set()
    target = model.__table__
    # On the table the bulk path of mapped classes is spared.
    dialect_insert = postgresql_insert if dialect(session) == "postgresql" else sqlite_insert
    statement = dialect_insert(target).on_conflict_do_nothing()  # type: ignore[arg-type]
    return set(session.scalars(statement.returning(target.c.id), rows))


def insert_rows(
    session: Session, model: type[Base], names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Insert many rows whose values are the driver's own types already, at the driver's speed."""
    if rows:
        sql = _driver_insert(model.__tablename__, tuple(names), session.get_bind().dialect)
        session.connection().exec_driver_sql(sql, rows)


@lru_cache(maxsize=64)
def _driver_insert(name: str, names: tuple[str, ...], spoken: Dialect) -> str:
    positional: Any = type(spoken)
    style = "qmark" if spoken.name == "sqlite" else "format"
    plain = insert(table(name, *map(column, names)))
    return str(plain.compile(dialect=positional(paramstyle=style)))


def upsert(session: Session, model: type[Base], keys: dict[str, Any], **values: Any) -> None:
    """Set `values` on the row with these unique `keys`, inserting it where absent.

    A value may be an expression over the model's columns for the update; it is then given as
    a pair (value to insert, expression to update with).
    """
    first = {k: v[0] if isinstance(v, tuple) else v for k, v in values.items()}
    later = {k: v[1] if isinstance(v, tuple) else v for k, v in values.items()}
    statement = _insert(session, model).values(**keys, **first)
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=later))


def upsert_many(
    session: Session, model: type[Base], keys: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    """Insert all rows; where one with these unique `keys` is there, it takes the others' values."""
    if not rows:
        return
    statement = _insert(session, model.__table__)
    later = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=list(keys), set_=later)
    execute(session, statement, rows)


def lay_together(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    least: tuple[str, ...] = (),
    most: tuple[str, ...] = (),
) -> None:
    """Insert rows; of those that are there under their primary key, keep the least and most.

    The same rows again, in any order, change nothing. Nothing to do for none.
    """
    if rows:
        execute(session, _laying_together(model, dialect(session), least, most), rows)


@cache
def _laying_together(
    model: type[Base], spoken: str, least: tuple[str, ...], most: tuple[str, ...]
) -> Any:
    dialect_insert = postgresql_insert if spoken == "postgresql" else sqlite_insert
    target = cast("Table", model.__table__)
    statement = dialect_insert(target)
    kept, new = target.c, statement.excluded
    chosen = {name: case((kept[name] <= new[name], kept[name]), else_=new[name]) for name in least}
    chosen |= {name: case((kept[name] >= new[name], kept[name]), else_=new[name]) for name in most}
    keys = [column.name for column in target.primary_key]
    return statement.on_conflict_do_update(index_elements=keys, set_=chosen)


def share_gate(session: Session, gate: int) -> None:
    """Pass a gate together with others, until the transaction ends; see `close_gate`."""
    if dialect(session) == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:gate)"), {"gate": gate})


def close_gate(session: Session, gate: int) -> None:
    """Wait until nobody is inside the gate and keep everyone out until the transaction ends.

    SQLite has one writer at a time, so there every write transaction is its own gate.
    """
    if dialect(session) == "postgresql":
        asked = "SELECT pg_advisory_xact_lock(%s::bigint)"
        session.connection().exec_driver_sql(asked, (gate,)).close()


def fetch_one(
    session: Session, statement: ClauseElement, parameters: dict[str, Any]
) -> tuple[Any, ...] | None:
    """PostgreSQL: run a statement as the driver would and give its first row.

    It is compiled once, and parameters and results are the driver's own types.
    """
    sql, constants = _compiled(statement, session.get_bind().dialect)
    connection = cast("Connection", session.connection().connection.driver_connection)
    with connection.cursor() as cursor:
        return cursor.execute(sql, constants | parameters).fetchone()


@lru_cache(maxsize=32)
def _compiled(statement: ClauseElement, dialect: Dialect) -> tuple[bytes, dict[str, Any]]:
    compiled = statement.compile(dialect=dialect)
    return str(compiled).encode(), dict(compiled.params)
