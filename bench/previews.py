"""Preview pictures: drawn anew, kept, and known to the one who asks, by processor time."""

from collections.abc import Iterator

from bench.measure import Figure, interleave, ratio
from bench.pages import asking, bare, same
from bench.place import application
from core.transaction import Database
from tests.builders.brands import new_store
from tests.builders.outfits import new_outfit

QUICK, SLOW, ROUNDS = 200, 4, 5
DRAWINGS = ("trench", "knit", "jeans", "boots")


def _pictures(database: Database, number: int) -> list[str]:
    with database.write() as session:
        store = new_store(session)
        ids = [new_outfit(session, store, drawings=DRAWINGS) for _ in range(number)]
    return [f"/o/{outfit_id}/preview-1.png" for outfit_id in ids]


def figures() -> Iterator[Figure]:
    """A picture drawn and a picture kept, of bare Flask."""
    with application("sqlite") as (app, database):
        cold = _pictures(database, SLOW * (ROUNDS + 1))
        (kept,) = _pictures(database, 1)
        costs = interleave(
            {
                "bare": asking(bare(), same("/"), QUICK),
                "cold": asking(app, iter(cold), SLOW),
                "cached": asking(app, same(kept), QUICK // 4),
            },
            times=ROUNDS,
        )
    cold_ms = sorted(costs["cold"])[ROUNDS // 2] * 1000
    cached_ms = sorted(costs["cached"])[ROUNDS // 2] * 1000
    yield Figure("preview picture, cold, milliseconds", cold_ms, 250, 120, "lower", "ms")
    note = f"{cached_ms:.2f} ms; {ratio(costs, 'bare', 'cached'):.3f} of bare Flask"
    yield Figure(
        "preview picture, cached, of cold",
        ratio(costs, "cached", "cold"),
        0.1,
        0.03,
        "lower",
        note=note,
    )
