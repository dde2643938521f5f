"""Campaigns over the past: ten thousand receipts through fifty campaigns, and their memory."""

import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.measure import Figure, interleave, ratio
from loyalty.baskets.rules import Basket, Line
from loyalty.campaigns.definition import FORMAT, Definition, read_campaign
from loyalty.campaigns.foresee import foresee
from loyalty.campaigns.rules import Facts

RECEIPTS, CAMPAIGNS = 10_000, 50
SLICE = 1_000
ROUNDS = 5
SEED = 4
_CATEGORIES = [f"category:{number}" for number in range(20)]
_BEGIN = datetime(2026, 9, 1, 8, tzinfo=UTC)
_MEGABYTE = 1_000_000


def receipts(count: int) -> Iterator[Facts]:
    """So many receipts of one to eight lines, half of them of 500 members."""
    lot = random.Random(SEED)
    for number in range(count):
        lines = tuple(
            Line(
                str(place),
                frozenset({lot.choice(_CATEGORIES), f"sku:{lot.randrange(5_000)}"}),
                Decimal(lot.randint(1, 3)),
                lot.randint(200, 20_000),
            )
            for place in range(lot.randint(1, 8))
        )
        owner = f"m{lot.randrange(500)}" if lot.random() < 0.5 else None
        at = _BEGIN + timedelta(minutes=5 * number)
        places = frozenset({f"store:{lot.randrange(10)}"})
        basket = Basket("GBP", "Europe/London", at, lines, places, owner)
        yield Facts(basket, purchases=lot.randrange(20) if owner else None)


def campaigns(count: int) -> dict[str, Definition]:
    """So many campaigns of all kinds, each with limits."""
    return {f"c{number}": read_campaign(_told(number)) for number in range(count)}


def figures() -> Iterator[Figure]:
    """Receipts a second, and how cost and memory grow with the receipts."""
    plans = campaigns(CAMPAIGNS)
    began = time.perf_counter()
    foresee(plans, receipts(RECEIPTS))
    a_second = RECEIPTS / (time.perf_counter() - began)
    few, many = _peak(plans, SLICE), _peak(plans, RECEIPTS)
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
        note=f"{a_second:,.0f} receipts a second through {CAMPAIGNS} campaigns, on this machine",
    )
    yield Figure(
        "memory of 10,000 receipts, of that of 1,000",
        many / few,
        3.0,
        2.0,
        "lower",
        note=f"{many / _MEGABYTE:.1f} MB at its highest",
    )


def _taking(plans: dict[str, Definition]) -> Callable[[], float]:
    past = list(receipts(SLICE))

    def taken() -> float:
        began = time.process_time()
        foresee(plans, past)
        return time.process_time() - began

    return taken


def _peak(plans: dict[str, Definition], count: int) -> int:
    """The most bytes held at once, apart from what was there before."""
    tracemalloc.start()
    try:
        foresee(plans, receipts(count))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


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
