"""Imports, feeds and sales at the same instant: nothing doubled, nothing lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.outbox import Event
from core.sql import close_gate
from core.transaction import Database
from retail.catalogue import queries, service
from retail.catalogue.gates import import_gate
from retail.catalogue.importer import apply, import_files, plan
from retail.catalogue.models import Stock
from retail.catalogue.service import StockCount
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.races import meeting, race
from tests.conftest import NOON, both_databases
from tests.retail.catalogue.test_importer import FILES


def on_hand(db: Database, store_id: str, variant_id: str) -> int:
    with db.read() as session:
        return queries.stock_for(session, store_id, [variant_id], now=NOON)[variant_id].on_hand


def check_imported_once(db: Database, added: list[int]) -> None:
    assert sorted(added) == [0] * 7 + [8]
    with db.read() as session:
        told = session.scalars(select(Event.kind).where(Event.kind == "CatalogueImported"))
        assert len(told.all()) == 1


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_of_twin_imports_one_adds_and_the_others_find_it_done(db: Database) -> None:
    with db.write() as session:
        brand = new_brand(session)

    def load(_: int) -> int:
        with db.write() as session:
            return len(import_files(session, brand.id, FILES, now=NOON).changes)

    check_imported_once(db, race(load, attempts=8))


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_sales_at_the_same_instant_all_count(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        variant = new_variant(session, brand_id=store.brand_id)
        keys = {"brand_id": store.brand_id, "store_id": store.id}
        new_stock(session, **keys, variant_id=variant.id, on_hand=200)

    def sell(_: int) -> None:
        with db.write() as session:
            service.take_stock(session, **keys, quantities={variant.id: 1}, now=NOON)

    race(sell, attempts=160)
    assert on_hand(db, store.id, variant.id) == 40


@pytest.mark.proof
@both_databases
def test_the_race_catches_stock_that_is_read_and_then_written(db: Database) -> None:
    """The control: the same sales, each writing one less than it read."""
    with db.write() as session:
        store = new_store(session)
        variant = new_variant(session, brand_id=store.brand_id)
        keys = {"brand_id": store.brand_id, "store_id": store.id}
        new_stock(session, **keys, variant_id=variant.id, on_hand=200)
    all_have_read = meeting()

    def naive(_: int) -> None:
        left = on_hand(db, store.id, variant.id) - 1
        all_have_read()
        with db.write() as session:
            session.execute(update(Stock).values(on_hand=left))

    race(naive, attempts=160)
    assert on_hand(db, store.id, variant.id) > 40


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_of_feeds_at_the_same_instant_the_latest_count_stays(db: Database) -> None:
    with db.write() as session:
        store = new_store(session)
        variant = new_variant(session, brand_id=store.brand_id)

    def count(attempt: int) -> None:
        # Whoever counted last comes first, so that to write as they come would be wrong.
        minute = 15 - attempt
        with db.write() as session:
            service.put_stock(
                session,
                brand_id=store.brand_id,
                store_id=store.id,
                counts=[StockCount(minute, sku=variant.sku)],
                counted_at=NOON - timedelta(hours=1) + timedelta(minutes=minute),
                now=NOON,
            )

    race(count, attempts=16)
    assert on_hand(db, store.id, variant.id) == 15


@pytest.mark.proof
@both_databases
def test_the_race_catches_counts_compared_before_they_are_written(db: Database) -> None:
    """The control: without the gate, feeds that all found an older count write as they come."""
    with db.write() as session:
        store = new_store(session)
        variants = [new_variant(session, brand_id=store.brand_id) for _ in range(20)]
        keys = {"brand_id": store.brand_id, "store_id": store.id}
        for variant in variants:
            new_stock(session, **keys, variant_id=variant.id, on_hand=0)

    all_have_looked = meeting()

    def naive(attempt: int) -> None:
        minute = 7 - attempt % 8
        mine = Stock.variant_id == variants[attempt // 8].id
        counted_at = NOON + timedelta(minutes=minute)
        with db.read() as session:
            found = session.scalars(select(Stock.counted_at).where(mine)).one()
        all_have_looked()
        if found > counted_at:
            return
        with db.write() as session:
            count = {"on_hand": minute, "counted_at": counted_at}
            session.execute(update(Stock).where(mine).values(count))

    race(naive, attempts=160)
    assert sum(on_hand(db, store.id, variant.id) for variant in variants) < 7 * 20


@pytest.mark.proof
@both_databases
def test_the_race_catches_imports_that_plan_before_they_wait(db: Database) -> None:
    """The control: who plans first and waits then at the gate does again what is done already."""
    with db.write() as session:
        brand = new_brand(session)
    all_have_planned = meeting()

    def naive(_: int) -> int:
        with db.read() as session:
            found = plan(session, brand.id, FILES, now=NOON)
        all_have_planned()
        with db.write() as session:
            close_gate(session, import_gate(brand.id))
            apply(session, found, now=NOON)
        return len(found.changes)

    added = race(naive, attempts=8)
    assert added == [8] * 8
    with pytest.raises(AssertionError):
        check_imported_once(db, added)
