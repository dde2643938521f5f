"""The raw table as receipts, and what a seeded hand adds to it: goods that come back. Pure.

Real: receipts, households, times, prices, campaigns, their days and goods, and who redeemed which
coupon when. Made up, since the data has none: returns, face values, budgets, and spent points.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
MOST_DAYS_TO_RETURN = 60
LINES_PER_RETURNED = 100
# Household, store, basket, product, quantity, sales value, discount, local time, department.
RawLine = tuple[int, int, int, int, int, float, float, datetime, str]


class Line(NamedTuple):
    """What was sold in a line; money in cents."""

    product: int
    department: str
    quantity: int
    cents: int
    off_cents: int


@dataclass(frozen=True)
class Receipt:
    """A basket of a household; `at` is UTC, `day` that of the store."""

    number: int
    household: int
    store: int
    at: datetime
    day: date
    lines: tuple[Line, ...]

    @property
    def cents(self) -> int:
        """What was paid for it."""
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True)
class GoodsBack:
    """Pieces of lines, by their place from 1, that a household brings back at an instant."""

    receipt: Receipt
    at: datetime
    day: date
    pieces: tuple[tuple[int, int], ...]


class Redemption(NamedTuple):
    """That a household used a coupon of a campaign on a day."""

    household: int
    coupon: int
    campaign: int
    day: date


@dataclass(frozen=True)
class Campaign:
    """When a campaign ran, both days included, and which products each of its coupons is for."""

    number: int
    kind: str
    first_day: date
    last_day: date
    goods: Mapping[int, frozenset[int]]


@dataclass(frozen=True)
class CouponUse:
    """Redemptions, by their place in the table, put to one receipt of their household."""

    receipt: Receipt
    places: tuple[int, ...]


@dataclass(frozen=True)
class Year:
    """All that happens: receipts of members, goods that come back, coupons that are used."""

    receipts: tuple[Receipt, ...]
    back: tuple[GoodsBack, ...] = ()
    campaigns: Mapping[int, Campaign] = field(default_factory=dict)
    redemptions: tuple[Redemption, ...] = ()
    uses: tuple[CouponUse, ...] = ()
    unmatched: tuple[int, ...] = ()

    @property
    def households(self) -> list[int]:
        """Who takes part."""
        buyers = {receipt.household for receipt in self.receipts}
        return sorted(buyers | {one.household for one in self.redemptions})


def cents(amount: float) -> int:
    """A sum of the table as whole cents; it has two decimals."""
    return int(Decimal(str(amount)).scaleb(2).to_integral_exact())


def receipts_of(rows: Iterable[RawLine]) -> list[Receipt]:
    """Rows of the table as receipts in order of time, lines in order of product."""
    baskets: dict[tuple[int, int, int, datetime], list[Line]] = defaultdict(list)
    for household, store, basket, product, quantity, sales, off, local, department in rows:
        line = Line(product, department, quantity, cents(sales), cents(off))
        baskets[basket, household, store, local].append(line)
    receipts = [
        Receipt(number, household, store, _utc(local), local.date(), tuple(sorted(lines)))
        for (number, household, store, local), lines in baskets.items()
    ]
    return sorted(receipts, key=lambda one: (one.at, one.number))


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def goods_back(receipts: Iterable[Receipt], *, until: date, seed: str) -> list[GoodsBack]:
    """One line in a hundred of those with pieces and a price, some days later, by lot.

    Where there are several pieces, half the time only some of them come back.
    """
    lot, found = Random(seed), []
    for receipt in receipts:
        pieces = []
        for place, line in enumerate(receipt.lines, 1):
            if lot.randrange(LINES_PER_RETURNED) == 0 and line.quantity and line.cents:
                is_part = line.quantity > 1 and lot.randrange(2) == 0
                pieces.append((place, line.quantity // 2 if is_part else line.quantity))
        day = receipt.day + timedelta(days=1 + lot.randrange(MOST_DAYS_TO_RETURN))
        if pieces and day < until:
            noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 (of the store's clock)
            found.append(GoodsBack(receipt, _utc(noon), day, tuple(pieces)))
    return found


def put_to_receipts(
    receipts: Iterable[Receipt],
    redemptions: Iterable[Redemption],
    campaigns: Mapping[int, Campaign],
) -> tuple[list[CouponUse], list[int]]:
    """Each redemption with the first receipt of its household and day that has goods of it.

    Where none has, with the largest receipt of the day; the places of those without any are told.
    """
    by_day: dict[tuple[int, date], list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        by_day[receipt.household, receipt.day].append(receipt)
    chosen: dict[int, list[int]] = defaultdict(list)
    known: dict[int, Receipt] = {}
    unmatched = []
    for place, one in enumerate(redemptions):
        same_day = by_day.get((one.household, one.day))
        if not same_day:
            unmatched.append(place)
            continue
        goods = campaigns[one.campaign].goods[one.coupon]
        fitting = [r for r in same_day if any(line.product in goods for line in r.lines)]
        best = fitting[0] if fitting else max(same_day, key=lambda receipt: receipt.cents)
        known[best.number] = best
        chosen[best.number].append(place)
    uses = [CouponUse(known[number], tuple(places)) for number, places in chosen.items()]
    return sorted(uses, key=lambda use: (use.receipt.at, use.receipt.number)), unmatched
