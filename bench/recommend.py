"""The recommender: fitting, its bundle on disk, one request of an offer, and many shoppers.

Times are of the processor, so that a busy machine does not count; a fit has a process of its own,
whose memory, with the events that it reads, is the figure.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from bench.measure import Figure
from recommender.batch import Crowd, best
from recommender.bundle import Bundle, Manifest, Shelf, fit
from recommender.interactions import Event
from recommender.ranking import Friend, Request, rank
from recommender.settings import Settings
from recommender.together import KEPT, Together

NOW = 1_700_000_000.0
FRIENDS, EACH, REQUESTS, SHOPPERS = 20, 20, 200, 2_000
# Interactions, seconds at most and aimed at, MB at most and aimed at.
USUAL = ((100_000, 4.0, 2.0, 500, 300), (1_000_000, 20.0, 10.0, 2_000, 1_200))
LARGE = (*USUAL, (10_000_000, 400.0, 200.0, 10_000, 6_000))


def figures() -> Iterator[Figure]:
    """Fits, requests, the bundle, many shoppers at once."""
    yield from _fits(USUAL)
    for items, floor, aim in ((10_000, 10.0, 3.0), (100_000, 20.0, 6.0)):
        bundle = made(items)
        with threadpool_limits(limits=1):
            milliseconds = _requests(bundle)
        yield Figure(
            f"offer request with {items:,} items, p95, milliseconds",
            float(np.percentile(milliseconds, 95)),
            floor,
            aim,
            "lower",
            "ms",
            note=f"p50 {np.percentile(milliseconds, 50):.1f} ms",
        )
    yield from _stored(bundle)
    yield _many(made(10_000))


def large() -> Iterator[Figure]:
    """Fits up to ten million interactions, and how they grow: minutes, and GB of memory."""
    seen = list(_fits(LARGE))
    yield from seen
    seconds = [figure.value for figure in seen if figure.unit == "s"]
    sizes = [size for size, *_ in LARGE]
    for less, more, before, after in zip(sizes, sizes[1:], seconds, seconds[1:], strict=False):
        name = f"fit of {more:,} interactions, of that of {less:,}"
        yield Figure(name, after / before, 20.0, 12.0, "lower")


def _fits(sizes: tuple[tuple[int, float, float, int, int], ...]) -> Iterator[Figure]:
    for interactions, floor, aim, most, less in sizes:
        command = f"from bench.recommend import fit_alone; fit_alone({interactions})"
        printed = subprocess.run([sys.executable, "-c", command], check=True, capture_output=True)
        seen = json.loads(printed.stdout)
        name = f"fit of {interactions:,} interactions"
        note = f"{seen['users']:,} shoppers, {seen['items']:,} items"
        yield Figure(f"{name}, seconds", seen["seconds"], floor, aim, "lower", "s", note=note)
        yield Figure(
            "memory of that fit, events and all, MB", seen["mb"], most, less, "lower", "MB"
        )


def fit_alone(interactions: int) -> None:
    """Print what a fit to so many interactions costs this process."""
    events = shop(interactions)
    began = time.process_time()
    counts = fit(events, [], settings=Settings(), now=NOW).manifest.counts
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    shape = {"users": counts["users"], "items": counts["items"]}
    print(json.dumps({"seconds": seconds, "mb": peak / 1e3, **shape}))


def shop(interactions: int) -> list[Event]:
    """Purchases, 20 a shopper, of items of which few sell often and most rarely."""
    random = np.random.default_rng(1)
    kinds = max(interactions // 50, 100)
    users = random.integers(interactions // 20, size=interactions)
    items = (kinds * random.random(interactions) ** 3).astype(int)
    days = random.integers(1, 365, size=interactions)
    return [
        Event(f"shopper-{user}", f"style-{item}", "purchase", NOW - 86_400.0 * day)
        for user, item, day in zip(users.tolist(), items.tolist(), days.tolist(), strict=True)
    ]


def made(items: int) -> Bundle:
    """A bundle of so many items, drawn at random: ranking does not care what is in it."""
    random = np.random.default_rng(1)
    settings = Settings()
    others = np.sort(random.integers(items, size=(items, KEPT)), axis=1).astype(np.int32).ravel()
    return Bundle(
        items=tuple(f"style-{item:06d}" for item in range(items)),
        item_factors=random.normal(size=(items, settings.taste.factors)).astype(np.float32),
        popularity=random.random(items).astype(np.float32),
        together=Together(
            np.arange(items + 1) * KEPT,
            others,
            random.random(len(others)).astype(np.float32),
            np.full(len(others), 12, np.int32),
        ),
        manifest=Manifest(NOW, settings, {}),
    )


def _requests(bundle: Bundle) -> list[float]:
    """Milliseconds of each: a purchase, 30 deeds, 20 friends of 20 deeds, half the shop allowed."""
    random = np.random.default_rng(2)
    allowed = frozenset(bundle.items[::2])

    def deeds(number: int) -> tuple[Event, ...]:
        chosen = random.integers(len(bundle.items), size=number)
        return tuple(Event("", bundle.items[item], "purchase", NOW - 86_400.0) for item in chosen)

    taken = []
    for number in range(REQUESTS):
        request = Request(
            anchors=(bundle.items[number],),
            history=deeds(30),
            friends=tuple(Friend(str(friend), deeds(EACH)) for friend in range(FRIENDS)),
            allowed=allowed,
            now=NOW,
        )
        began = time.thread_time()
        rank(bundle, request)
        taken.append(1e3 * (time.thread_time() - began))
    return taken[1:]  # the first one makes what the bundle keeps


def _stored(bundle: Bundle) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        shelf.publish(bundle)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.npy"))
        began = time.thread_time()
        shelf.current()
        seconds = time.thread_time() - began
    name = f"bundle of {len(bundle.items):,} items"
    yield Figure(f"{name}, loaded, checksums and all, seconds", seconds, 3.0, 1.0, "lower", "s")
    yield Figure(f"{name}, size, MB", size / 1e6, 250, 180, "lower", "MB")


def _many(bundle: Bundle) -> Figure:
    random = np.random.default_rng(3)
    cells = (
        np.repeat(np.arange(SHOPPERS), EACH),
        random.integers(len(bundle.items), size=SHOPPERS * EACH),
    )
    ones = np.ones(SHOPPERS * EACH, np.float32)
    done = csr_matrix((ones, cells), shape=(SHOPPERS, len(bundle.items)))
    ties = (np.repeat(np.arange(SHOPPERS), 10), random.integers(SHOPPERS, size=SHOPPERS * 10))
    friends = csr_matrix((np.ones(len(ties[0]), np.float32), ties), shape=(SHOPPERS, SHOPPERS))
    crowd = Crowd(done, friends, bundle.item_factors, bundle.settings)
    with threadpool_limits(limits=1):
        began = time.thread_time()
        for _ in best(crowd, np.arange(SHOPPERS), 10, masked=done):
            pass
        seconds = time.thread_time() - began
    return Figure(
        f"shoppers ranked a second and core, {len(bundle.items):,} items",
        SHOPPERS / seconds,
        300,
        1_000,
        "higher",
        "/s",
    )
