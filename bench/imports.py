"""Bulk import of receipts against bare `executemany` of the very same rows."""

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.engine import Row

from bench.measure import Figure, interleave, ratio
from bench.place import application
from core import clock
from core.model import Base
from core.transaction import Database
from retail.receipts import importer
from tests.builders.brands import new_brand, new_store

RECEIPTS = 4_000
LINES_EACH = 3
ROUNDS = 5
_TABLES = (Base.metadata.tables["receipt"], Base.metadata.tables["line_item"])
_EMPTY = "DELETE FROM {}"


def _csv(store: str) -> str:
    """Receipts of the last month, three lines each."""
    head = (
        "store,till,number,sold_at,currency,sku,gtin,description,"
        "quantity,total_minor,discount_minor"
    )
    first = clock.now() - timedelta(days=30)
    rows = [
        f"{store},{receipt % 9},B-{receipt},{(first + timedelta(seconds=receipt)).isoformat()},"
        f"GBP,SKU-{(receipt * 7 + line) % 500},,Article {line},1,{1000 + line},0"
        for receipt in range(RECEIPTS)
        for line in range(LINES_EACH)
    ]
    return "\n".join([head, *rows]) + "\n"


def _empty(database: Database) -> None:
    with database.engine.execution_options(writes=True).begin() as connection:
        for name in ("line_item", "receipt", "receipt_import_chunk", "receipt_import"):
            connection.execute(text(_EMPTY.format(name)))


def _take_in(database: Database, brand_id: str, content: str) -> float:
    _empty(database)
    began = time.perf_counter()
    with database.write() as session:
        import_id, _ = importer.begin(session, brand_id=brand_id, text=content, now=clock.now())
    position: int | None = 0
    while position is not None:
        with database.write() as session:
            position = importer.take_in(session, import_id, now=clock.now())
    return time.perf_counter() - began


def _rows(database: Database) -> list[list[Row[tuple[object, ...]]]]:
    """What the import wrote, as the driver takes it."""
    with database.engine.connect() as connection:
        return [
            list(connection.exec_driver_sql(f"SELECT * FROM {table.name}")) for table in _TABLES
        ]


def _execute_many(database: Database, rows: list[list[Row[tuple[object, ...]]]]) -> float:
    _empty(database)
    mark = "?" if database.engine.dialect.name == "sqlite" else "%s"
    statements = [
        f"INSERT INTO {table.name} ({', '.join(column.name for column in table.columns)})"
        f" VALUES ({', '.join([mark] * len(table.columns))})"
        for table in _TABLES
    ]
    values = [[tuple(row) for row in part] for part in rows]
    began = time.perf_counter()
    with database.engine.execution_options(writes=True).begin() as connection:
        cursor = connection.connection.cursor()
        for statement, part in zip(statements, values, strict=True):
            cursor.executemany(statement, part)
        cursor.close()
    return time.perf_counter() - began


def _measure(kind: str) -> tuple[float, float]:
    with application(kind) as (_, database):
        with database.write() as session:
            brand = new_brand(session)
            store = new_store(session, brand=brand)
        content = _csv(store.slug)
        _take_in(database, brand.id, content)
        rows = _rows(database)
        assert [len(part) for part in rows] == [RECEIPTS, RECEIPTS * LINES_EACH]
        costs = interleave(
            {
                "import": lambda: _take_in(database, brand.id, content),
                "bare": lambda: _execute_many(database, rows),
            },
            times=ROUNDS,
        )
    return ratio(costs, "bare", "import"), RECEIPTS / min(costs["import"])


def figures() -> Iterator[Figure]:
    """What is left of the driver's speed when every line is read, judged and found."""
    (on_sqlite, speed), (on_postgresql, other) = _measure("sqlite"), _measure("postgresql")
    note = f"{speed:.0f} receipts a second; PostgreSQL: {on_postgresql:.2f}, {other:.0f}"
    yield Figure("bulk import, of executemany", on_sqlite, 0.15, 0.25, "higher", note=note)
