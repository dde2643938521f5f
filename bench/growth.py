"""Reads that must not grow: like count, top 50 and my rank at ten thousand and at a million."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.orm import Session

from bench.measure import Figure, interleave, ratio
from bench.place import application
from core import clock
from core.ids import new_id
from core.model import Base
from core.transaction import Database
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import Prize, bands_of, prizes_to_json
from retail.social import queries as social

FEW, MANY = 10_000, 1_000_000
READS = 40
ROUNDS = 9
TOP = 50
HIGHEST_SCORE = 4_000
# A million rows of somebody else's: the same on both databases, made by the database itself.
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, :many)) ",
}
_TEXT = {"sqlite": "printf('%026d', i)", "postgresql": "lpad(i::text, 26, '0')"}
# A number from a number that looks drawn by lot, spelt the same way everywhere.
_SCORE = f"(1 + (i * 1999 + i / 3) % {HIGHEST_SCORE})"


class Sizes:
    """One outfit and one season for each size; the ids by size."""

    def __init__(self) -> None:
        self.outfits = {FEW: new_id(), MANY: new_id()}
        self.seasons = {FEW: new_id(), MANY: new_id()}
        self.brand = new_id()


def _fill(connection: Connection, sizes: Sizes, many: int) -> None:
    kind = connection.dialect.name
    numbers, member, now = _NUMBERS[kind], _TEXT[kind], clock.now()
    brand, outfit, season = sizes.brand, sizes.outfits[many], sizes.seasons[many]
    values: dict[str, Any] = {
        "many": many,
        "brand": brand,
        "outfit": outfit,
        "season": season,
        "now": now if kind == "postgresql" else now.replace(tzinfo=None).isoformat(" "),
    }
    likes = (
        "INSERT INTO outfit_like (outfit_id, member_id, brand_id, store_id, stylist_id, counted_at)"
        f" {numbers} SELECT :outfit, {member}, :brand, :brand, :brand, :now FROM n"
    )
    standings = (
        "INSERT INTO standing (season_id, owner_id, score, reached_at)"
        f" {numbers} SELECT :season, {member}, {_SCORE}, :now FROM n"
    )
    total = "INSERT INTO like_total (outfit_id, likes) VALUES (:outfit, :many)"
    for statement in (_as_values(likes, kind), _as_values(standings, kind), total):
        connection.execute(text(statement), values)
    _fill_bands(connection, season, many)
    delta = (
        "INSERT INTO like_delta"
        " (brand_id, store_id, outfit_id, stylist_id, delta, counted_at, is_announced)"
        " VALUES (:brand, :brand, :outfit, :brand, 1, :now, :is_announced)"
    )
    for _ in range(20):
        connection.execute(text(delta), values | {"is_announced": True})


def _as_values(statement: str, kind: str) -> str:
    """PostgreSQL wants the type of a value that is only selected."""
    if kind == "postgresql":
        return statement.replace(":now", "CAST(:now AS timestamptz)")
    return statement


def _fill_bands(connection: Connection, season: str, many: int) -> None:
    owners: Counter[tuple[int, int]] = Counter()
    for i in range(1, many + 1):
        owners.update(_bands[1 + (i * 1999 + i // 3) % HIGHEST_SCORE])
    rows = [
        {"season": season, "width": width, "lowest": lowest, "owners": number}
        for (width, lowest), number in owners.items()
    ]
    connection.execute(
        text("INSERT INTO score_band VALUES (:season, :width, :lowest, :owners)"), rows
    )


_bands = {score: bands_of(score) for score in range(1, HIGHEST_SCORE + 1)}


def _open_seasons(connection: Connection, sizes: Sizes) -> None:
    day, now = timedelta(days=1), clock.now()
    for season in sizes.seasons.values():
        row = {
            "id": season,
            "board_id": season,
            "programme_id": sizes.brand,
            "starts_at": now - day,
            "ends_at": now + day,
            "prizes": prizes_to_json([Prize(1, "points", 500)]),
        }
        board = {
            "id": season,
            "programme_id": sizes.brand,
            "scope_kind": "brand",
            "scope_id": season,
            "cadence": "week",
            "zone": "Europe/London",
            "prizes": [],
            "created_at": now,
        }
        connection.execute(insert(Base.metadata.tables["board"]), board)
        connection.execute(insert(Base.metadata.tables["season"]), row)


def _prepare(database: Database) -> Sizes:
    sizes = Sizes()
    # An engine of its own: on SQLite it does not know that foreign keys are to be minded.
    plain = create_engine(database.engine.url)
    with plain.begin() as connection:
        if plain.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        _open_seasons(connection, sizes)
        for many in (FEW, MANY):
            _fill(connection, sizes, many)
    with plain.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    plain.dispose()
    return sizes


def _reading(database: Database, read: Callable[[Session, int], object], many: int) -> Any:
    generator = random.Random(many)

    def run() -> float:
        owners = [generator.randrange(1, many) for _ in range(READS)]
        with database.read() as session:
            began = time.perf_counter()
            for owner in owners:
                assert read(session, owner)
            return time.perf_counter() - began

    return run


def _measure(kind: str) -> dict[str, float]:
    with application(kind) as (_, database):
        sizes = _prepare(database)
        reads: dict[str, Callable[[int], Callable[[Session, int], object]]] = {
            "like count": lambda many: (
                lambda session, _: social.count_of(session, sizes.outfits[many])
            ),
            "top 50": lambda many: (
                lambda session, _: leaderboards.top(session, sizes.seasons[many], TOP)
            ),
            "my rank": lambda many: (
                lambda session, owner: leaderboards.rank_of(
                    session, sizes.seasons[many], f"{owner:026d}"
                )
            ),
        }
        seen = {}
        for name, read in reads.items():
            rounds = {str(many): _reading(database, read(many), many) for many in (FEW, MANY)}
            seen[name] = ratio(interleave(rounds, times=ROUNDS), str(MANY), str(FEW))
        return seen


def figures() -> Iterator[Figure]:
    """How much longer each read takes at a million than at ten thousand."""
    on_postgresql, on_sqlite = _measure("postgresql"), _measure("sqlite")
    for name, value in on_postgresql.items():
        note = f"SQLite: {on_sqlite[name]:.2f}"
        yield Figure(f"{name}, 10⁶ against 10⁴", value, 1.5, 1.2, "lower", note=note)
