"""Campaigns over the past: ten thousand receipts through fifty campaigns, and their memory.

Seconds and memory are those of the journey that the page and the API take, receipts read from a
database; what a campaign adds is taken without one.
"""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench import past
from bench.measure import Figure, interleave, ratio
from bench.place import application
from core.transaction import Database
from loyalty.baskets.rules import Basket, Line
from loyalty.campaigns.definition import FORMAT, Definition, read_campaign
from loyalty.campaigns.foresee import foresee
from loyalty.campaigns.rules import Facts
from retail.journeys.campaigns.simulate_campaigns import simulate_campaigns
from retail.journeys.points.past_purchases import past_purchases

RECEIPTS, CAMPAIGNS = 10_000, 50
SLICE = 1_000
ROUNDS = 5
SEED = 4
_CATEGORIES = [f"category:{number}" for number in range(past.CATEGORIES)]
_BEGIN = datetime(2026, 9, 1, 8, tzinfo=UTC)
_BETWEEN = timedelta(minutes=5)
_MEGABYTE = 1_000_000


def receipts(count: int) -> Iterator[Facts]:
    """So many receipts of one to eight lines, half of them of 500 members."""
    lot = random.Random(SEED)
    for number in range(count):
        lines = tuple(
            Line(
                str(place),
                frozenset({lot.choice(_CATEGORIES), f"sku:{lot.randrange(past.GOODS)}"}),
                Decimal(lot.randint(1, 3)),
                lot.randint(200, 20_000),
            )
            for place in range(lot.randint(1, 8))
        )
        owner = f"m{lot.randrange(past.MEMBERS)}" if lot.random() < 0.5 else None
        at = _BEGIN + number * _BETWEEN
        places = frozenset({f"store:{lot.randrange(past.STORES)}"})
        basket = Basket("GBP", "Europe/London", at, lines, places, owner)
        yield Facts(basket, purchases=lot.randrange(20) if owner else None)


def campaigns(count: int) -> dict[str, Definition]:
    """So many campaigns of all kinds, each with limits."""
    return {f"c{number}": read_campaign(_told(number)) for number in range(count)}


def figures() -> Iterator[Figure]:
    """Receipts a second, and how cost and memory grow with the receipts."""
    plans = campaigns(CAMPAIGNS)
    for kind in ("sqlite", "postgresql"):
        with application(kind) as (_, database):
            brand_id = past.fill(database, receipts(RECEIPTS))
            if kind == "sqlite":
                yield _seconds(database, brand_id, plans)
                yield _memory(database, brand_id, plans)
            yield _reading(database, kind, brand_id, plans)
    costs = interleave(
        {"one": _taking(campaigns(1)), "fifty": _taking(plans)},
        times=ROUNDS,
    )
    yield Figure(
        "50 campaigns, of the cost of one for the same receipts",
        ratio(costs, "fifty", "one"),
        50.0,
        40.0,
        "lower",
    )


def _taking(plans: dict[str, Definition]) -> Callable[[], float]:
    purchases = list(receipts(SLICE))

    def taken() -> float:
        began = time.process_time()
        foresee(plans, purchases)
        return time.process_time() - began

    return taken


def _seconds(database: Database, brand_id: str, plans: dict[str, Definition]) -> Figure:
    began = time.process_time()
    _simulate(database, brand_id, plans, RECEIPTS)
    seconds = time.process_time() - began
    return Figure(
        f"{CAMPAIGNS} campaigns over {RECEIPTS:,} receipts, sqlite",
        seconds,
        30.0,
        10.0,
        "lower",
        unit="s",
        note=f"{RECEIPTS / seconds:,.0f} receipts a second of processor time",
    )


def _reading(database: Database, kind: str, brand_id: str, plans: dict[str, Definition]) -> Figure:
    """By the clock, since the database may work elsewhere."""
    with database.read() as session:
        span = {"since": _BEGIN, "until": _BEGIN + SLICE * _BETWEEN}
        purchases = list(past_purchases(session, brand_id, **span))
    rounds = {
        "whole": lambda: _timed(lambda: _simulate(database, brand_id, plans, SLICE)),
        "evaluating": lambda: _timed(lambda: foresee(plans, purchases)),
    }
    return Figure(
        f"receipts read and simulated, of simulated alone, {kind}",
        ratio(interleave(rounds, times=ROUNDS), "whole", "evaluating"),
        2.0,
        1.5,
        "lower",
    )


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _memory(database: Database, brand_id: str, plans: dict[str, Definition]) -> Figure:
    few, many = (_peak(database, brand_id, plans, count) for count in (SLICE, RECEIPTS))
    return Figure(
        f"memory of {RECEIPTS:,} receipts, of that of {SLICE:,}",
        many / few,
        3.0,
        2.0,
        "lower",
        note=f"{many / _MEGABYTE:.1f} MB at its highest",
    )


def _peak(database: Database, brand_id: str, plans: dict[str, Definition], count: int) -> int:
    """The most bytes held at once, apart from what was there before."""
    tracemalloc.start()
    try:
        _simulate(database, brand_id, plans, count)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _simulate(database: Database, brand_id: str, plans: dict[str, Definition], count: int) -> None:
    span = {"since": _BEGIN, "until": _BEGIN + count * _BETWEEN}
    with database.read() as session:
        found = simulate_campaigns(session, brand_id, plans, **span)
    assert found.forecast.baskets == count, found.forecast.baskets
    assert all(one.total.baskets for one in found.forecast.costs)


def _told(number: int) -> dict[str, Any]:
    scope = {"includes": [_CATEGORIES[number % 20], _CATEGORIES[(number * 7 + 3) % 20]]}
    conditions: list[dict[str, Any]] = [
        {"kind": "basket_total", "at_least_minor": 1_000 + 700 * number},
        {"kind": "weekdays", "days": [1 + number % 7, 1 + (number + 3) % 7]},
        {"kind": "hours", "from_minute": 60 * (number % 12), "until_minute": 60 * 20},
        {"kind": "buyer"},
        {"kind": "place", "labels": [f"store:{number % 10}"]},
        {"kind": "purchase_number", "at_least": 1, "at_most": 1 + number % 9},
    ]
    benefits: list[dict[str, Any]] = [
        {"kind": "percent_off", "per_cent": 5 + number % 20, "scope": scope},
        {"kind": "amount_off", "amount_minor": 100 + number, "scope": scope},
        {"kind": "cheapest_free", "scope": scope},
        {"kind": "points_per_unit", "points": "1.5"},
    ]
    return {
        "format": FORMAT,
        "name": f"Campaign {number}",
        "priority": number % 10,
        "limits": [{}, {"uses_each": 3}, {"budget_minor": 500_000}, {"uses": 400}][number % 4],
        "rules": [{"conditions": [conditions[number % 6]], "benefits": [benefits[number % 4]]}],
    }
