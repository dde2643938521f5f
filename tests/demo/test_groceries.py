"""The year of the groceries comes out twice the same, and a planted difference is seen."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core import config
from core.clock import FixedClock
from core.transaction import Database
from demo.groceries import books, loyalty
from demo.groceries.figures import Figures
from demo.groceries.shop import Shop
from demo.groceries.table import (
    Campaign,
    GoodsBack,
    Receipt,
    Redemption,
    Year,
    put_to_receipts,
    receipts_of,
)
from loyalty.ledger import service as ledger

MILK, PEARS, BREAD = 101, 102, 103
DEPARTMENTS = {MILK: "GROCERY", PEARS: "PRODUCE", BREAD: ""}
CAMPAIGN = Campaign(
    7, "Type A", date(2017, 1, 1), date(2017, 3, 31), {1: frozenset({MILK}), 5: frozenset({PEARS})}
)
REDEEMED = (
    Redemption(1, 1, 7, date(2017, 1, 9)),
    Redemption(1, 5, 7, date(2017, 1, 9)),
    Redemption(2, 5, 7, date(2017, 2, 2)),
    Redemption(2, 1, 7, date(2017, 2, 3)),
)


def local(*when: int) -> datetime:
    """A time as the table has it: on the clocks of the store, which it does not say."""
    return datetime(*when)  # noqa: DTZ001


def rows(basket: int, household: int, at: datetime, *lines: tuple[int, int, float]) -> list:
    """Rows as the package has them: product, quantity and sales value of each line."""
    return [
        (household, 30, basket, product, quantity, value, 0.1, at, DEPARTMENTS[product])
        for product, quantity, value in lines
    ]


def a_year() -> Year:
    """Two households: caps, debts, goods back before and after points came free, and coupons."""
    table = [
        *rows(1, 1, local(2017, 1, 9, 10), (MILK, 2, 61.35), (PEARS, 3, 40.1), (BREAD, 1, 0)),
        *rows(2, 1, local(2017, 1, 9, 18), (PEARS, 1, 99.99), (BREAD, 1, 260.0)),
        *rows(3, 2, local(2017, 2, 2, 23, 59), (MILK, 1, 3.33), (BREAD, 0, 0)),
        *rows(4, 1, local(2017, 3, 12, 2, 30), (MILK, 4, 410.07)),
        *rows(5, 2, local(2017, 7, 4, 9), (PEARS, 3, 12.49), (MILK, 3, 150.0)),
        *rows(6, 1, local(2017, 11, 5, 1, 30), (MILK, 3, 310.0), (PEARS, 2, 0.5)),
    ]
    receipts = receipts_of(table)
    back = (
        _back(receipts[0], date(2017, 1, 12), (1, 1), (2, 3)),
        _back(receipts[3], date(2017, 5, 20), (1, 4)),
        _back(receipts[4], date(2017, 9, 1), (2, 1)),
    )
    uses, unmatched = put_to_receipts(receipts, REDEEMED, {7: CAMPAIGN})
    return Year(
        receipts=tuple(receipts),
        back=back,
        campaigns={7: CAMPAIGN},
        redemptions=REDEEMED,
        uses=tuple(uses),
        unmatched=tuple(unmatched),
    )


def _back(receipt: Receipt, day: date, *pieces: tuple[int, int]) -> GoodsBack:
    return GoodsBack(receipt, datetime(day.year, day.month, day.day, 17, tzinfo=UTC), day, pieces)


@pytest.fixture
def shop(sqlite_db: Database, clock: FixedClock, tmp_path: Path) -> Shop:
    settings = config.load({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)})
    return Shop(sqlite_db, clock, settings)


def with_coupon_off_by_a_cent(ours: Figures) -> Figures:
    first, *others = ours.coupons
    return replace(ours, coupons=(replace(first, cents=first.cents + 1), *others))


def with_budget_off_by_a_cent(ours: Figures) -> Figures:
    return replace(ours, budgets={7: ours.budgets[7] + 1})


def with_another_tier(ours: Figures) -> Figures:
    *before, last = ours.snapshots
    return replace(ours, snapshots=(*before, replace(last, tiers=last.tiers | {1: "orchard"})))


PLANTED: tuple[Callable[[Figures], Figures], ...] = (
    with_coupon_off_by_a_cent,
    with_budget_off_by_a_cent,
    with_another_tier,
)


def test_the_year_reconciles_to_nothing_and_every_planted_difference_is_seen(shop: Shop) -> None:
    year = a_year()
    ours, kept = loyalty.happen(shop, year)
    assert loyalty.compare(ours, kept, year) == 0
    points = {house: books for (house, wallet), books in ours.snapshots[-1].books.items()}
    assert all(one.earned and one.taken_back and one.expired for one in points.values())
    assert {one.reason for one in ours.coupons} == {"", "nothing_in_scope"}
    assert year.unmatched == (3,)

    for plant in PLANTED:
        assert loyalty.compare(plant(ours), kept, year) > 0, plant.__name__
    assert loyalty.compare(ours, kept | {"breaches": 1}, year) == 1
    for receipt in range(len(year.receipts)):
        assert loyalty.compare(ours, kept, dearer_by_a_dollar(year, receipt)) > 0, receipt
    assert loyalty.compare(replace(ours, snapshots=with_a_point_too_many(shop, ours)), kept, year)


def dearer_by_a_dollar(year: Year, place: int) -> Year:
    """The year as it would be had the engine been sent one line for less than it was sold."""
    receipts = list(year.receipts)
    first, *others = receipts[place].lines
    receipts[place] = replace(
        receipts[place], lines=(first._replace(cents=first.cents + 100), *others)
    )
    return replace(year, receipts=tuple(receipts))


def with_a_point_too_many(shop: Shop, ours: Figures) -> tuple:
    with shop.database.write() as session:
        ledger.earn(
            session,
            programme_id=shop.brand_id,
            owner_id=shop.members[2],
            points=1,
            source="planted",
            reason="purchase",
            now=shop.clock.now(),
        )
        last = books.snapshot(session, shop.brand_id, shop.households, loyalty.CLOSED)
    return (*ours.snapshots[:-1], last)
