"""The wall page: kept for strangers, put together anew, and on a wall that has grown."""

from collections.abc import Iterator
from itertools import count

from bench.measure import Figure, interleave, ratio
from bench.pages import asking, bare, same
from bench.place import application
from core.transaction import Database
from tests.builders.brands import new_brand, new_store
from tests.builders.outfits import new_outfit

QUICK, SLOW = 200, 5
ROUNDS = 7
LOOKS = 24
GROWN = 16 * LOOKS


def _hang(database: Database, looks: int) -> tuple[str, str]:
    """The address of a wall with so many looks, and that of one of them."""
    with database.write() as session:
        brand = new_brand(session)
        store = new_store(session, brand=brand)
        ids = [new_outfit(session, store) for _ in range(looks)]
    return f"/wall/{brand.slug}", f"/o/{ids[0]}"


def _unseen(address: str) -> Iterator[str]:
    """The page under ever new addresses, so that none is kept."""
    return (f"{address}?n={number}" for number in count())


def _measure(kind: str) -> dict[str, list[float]]:
    with application(kind) as (app, database):
        wall, look = _hang(database, LOOKS)
        grown, _ = _hang(database, GROWN)
        return interleave(
            {
                "bare": asking(bare(), same("/"), QUICK),
                "warm": asking(app, same(wall), QUICK),
                "cold": asking(app, _unseen(wall), SLOW),
                "look": asking(app, _unseen(look), SLOW),
                "grown": asking(app, _unseen(grown), SLOW),
            },
            times=ROUNDS,
        )


def figures() -> Iterator[Figure]:
    """The wall page warm, cold and grown, on both databases."""
    on_sqlite, on_postgresql = _measure("sqlite"), _measure("postgresql")

    def beside(upper: str, lower: str) -> str:
        return f"PostgreSQL: {ratio(on_postgresql, upper, lower):.2f}"

    yield Figure(
        "wall page, warm, of bare Flask",
        ratio(on_sqlite, "bare", "warm"),
        0.60,
        0.95,
        "higher",
        note=beside("bare", "warm"),
    )
    yield Figure(
        f"wall page of {LOOKS} looks, cold, in pages of one look",
        ratio(on_sqlite, "cold", "look"),
        LOOKS,
        LOOKS / 2,
        "lower",
        note=beside("cold", "look"),
    )
    yield Figure(
        f"wall page at {GROWN} looks against {LOOKS}",
        ratio(on_sqlite, "grown", "cold"),
        1.5,
        1.2,
        "lower",
        note=beside("grown", "cold"),
    )
