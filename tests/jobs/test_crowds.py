"""Crowds are counted while tills go on selling: what reads long holds nobody up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.transaction import Database
from jobs.crowds import count_crowds
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.crowds import queries, service
from retail.crowds.models import StyleCrowd
from retail.crowds.queries import Crowd, crowds
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.crowds import crowd_buys
from tests.builders.receipts import new_receipt
from tests.conftest import both_databases

Count = Callable[[Database], None]
STYLES = 5


class Shop:
    """Goods of a brand that a crowd bought, and what may be told of the first."""

    def __init__(self, db: Database) -> None:
        self.db = db
        with db.write() as session:
            self.store: StoreView = new_store(session)
            brand_id = self.store.brand_id
            self.goods: list[VariantView] = [
                new_variant(session, brand_id=brand_id) for _ in range(STYLES)
            ]

    def buy(self, people: int) -> None:
        with self.db.write() as session:
            crowd_buys(session, self.store, self.goods, people)

    def told(self) -> list[int]:
        with self.db.read() as session:
            ids = [one.style_id for one in self.goods]
            return [crowds(session, ids, now=clock.now())[one] for one in ids]


class Watched(Database):
    """A database that notes what each write transaction read of purchases, and wrote of crowds.

    A till sells something whenever a read is open, and after every write.
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop.db.engine, shop.db.bell)
        self.shop, self.sold = shop, 0
        self.read_while_writing = 0
        self.rows_at_once: list[int] = []

    def _sell(self) -> None:
        with self.shop.db.write() as session:
            new_receipt(session, store=self.shop.store, variants=self.shop.goods[:1])
        self.sold += 1

    @contextmanager
    def read(self) -> Iterator[Session]:
        with super().read() as session:
            yield session
            self._sell()

    @contextmanager
    def write(self) -> Iterator[Session]:
        rows = 0

        def note(_c: Any, _cursor: Any, sql: str, given: Any, _context: Any, many: bool) -> None:
            nonlocal rows
            self.read_while_writing += "line_item" in sql
            if "style_crowd" in sql and not sql.startswith("SELECT"):
                rows += len(given) if many else 1

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            with super().write() as session:
                yield session
        finally:
            event.remove(self.engine, "before_cursor_execute", note)
        self.rows_at_once.append(rows)
        self._sell()


def in_one_transaction(db: Database) -> None:
    """The careless way: count and write it down at once."""
    with db.write() as session:
        for brand_id in queries.uncounted(session, clock.now()):
            found = queries.count_now(session, brand_id)
            service.publish(session, brand_id, found, now=clock.now())


@pytest.fixture
def shop(db: Database) -> Shop:
    return Shop(db)


def counted(shop: Shop, count: Count, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.setattr(service, "PART", 2)
    shop.buy(12)
    watched = Watched(shop)
    count(watched)
    return watched


@both_databases
def test_no_till_waits_for_the_count(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = counted(shop, lambda db: count_crowds(db, clock.now()), monkeypatch)
    assert shop.told() == [10] * STYLES
    assert watched.read_while_writing == 0
    # Two, two and one; and one that takes away what was counted before, of which there is none.
    assert watched.rows_at_once == [2, 2, 1, 1]
    assert watched.sold == 2 + len(watched.rows_at_once)


def test_the_careless_way_is_caught(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = counted(shop, in_one_transaction, monkeypatch)
    assert shop.told() == [10] * STYLES
    assert watched.read_while_writing > 0
    assert max(watched.rows_at_once) == STYLES


@both_databases
def test_the_worker_counts_every_five_minutes_and_an_hour_later_nothing_is_told(
    shop: Shop, clock: FixedClock
) -> None:
    shop.buy(12)
    count_crowds(shop.db, clock.now())
    shop.buy(8)
    clock.advance(minutes=4)
    count_crowds(shop.db, clock.now())
    assert shop.told()[0] == 10
    clock.advance(minutes=1)
    count_crowds(shop.db, clock.now())
    assert shop.told()[0] == 20
    clock.advance(minutes=60)
    assert shop.told()[0] == 0


@both_databases
def test_what_is_no_crowd_any_more_is_told_no_more_however_much_it_is(
    shop: Shop, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PART", 2)
    with shop.db.write() as session:
        before = [Crowd(one.style_id, 10) for one in shop.goods]
        service.publish(session, shop.store.brand_id, before, now=clock.now())
    clock.advance(minutes=5)
    count_crowds(shop.db, clock.now())
    with shop.db.read() as session:
        assert session.query(StyleCrowd).count() == 0


@both_databases
def test_a_count_that_is_overtaken_changes_nothing(shop: Shop, clock: FixedClock) -> None:
    now, brand_id = clock.now(), shop.store.brand_id
    early, late = (Crowd(shop.goods[0].style_id, people) for people in (10, 20))
    clock.advance(minutes=5)
    with shop.db.write() as session:
        assert service.publish(session, brand_id, [late], now=clock.now())
        assert not service.publish(session, brand_id, [early], now=now)
    assert shop.told()[0] == 20
