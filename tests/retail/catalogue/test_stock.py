"""Stock: counted, sold, returned, and honest about its age."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.clock import FixedClock
from core.errors import Invalid, NotFound
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.catalogue import queries, service
from retail.catalogue.queries import StockView, VariantView
from retail.catalogue.service import StockCount, StockReport
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_stock, new_variant, new_variants
from tests.conftest import NOON, both_databases


def shop(session: Session) -> tuple[StoreView, VariantView, VariantView]:
    store = new_store(session)
    boots, knit = new_variants(session, brand_id=store.brand_id, drawings=["boots", "knit"])
    return store, boots, knit


def put(session: Session, store: StoreView, *counts: StockCount, **values: Any) -> StockReport:
    given: dict[str, Any] = {"counted_at": NOON, "now": clock.now()} | values
    return service.put_stock(
        session,
        brand_id=store.brand_id,
        store_id=store.id,
        counts=counts,
        **given,
    )


def on_hand(session: Session, store: StoreView, variant: VariantView) -> int:
    return look(session, store, variant).on_hand


def look(session: Session, store: StoreView, variant: VariantView) -> StockView:
    return queries.stock_for(session, store.id, [variant.id], now=clock.now())[variant.id]


@both_databases
def test_a_feed_counts_by_sku_and_by_gtin(db: Database) -> None:
    with db.write() as session:
        store, boots, knit = shop(session)
        report = put(session, store, StockCount(3, sku=boots.sku), StockCount(7, gtin=knit.gtin))
        assert report == StockReport(stored=2, outdated=(), unknown=())
    with db.write() as session:
        put(session, store, StockCount(2, sku=boots.sku), counted_at=NOON + timedelta(seconds=1))
    with db.read() as session:
        assert on_hand(session, store, boots) == 2
        assert on_hand(session, store, knit) == 7


def test_an_older_count_is_reported_and_stays_out(session: Session) -> None:
    store, boots, _ = shop(session)
    put(session, store, StockCount(3, sku=boots.sku))
    report = put(session, store, StockCount(9, sku=boots.sku), counted_at=NOON - timedelta(hours=1))
    assert report == StockReport(stored=0, outdated=(boots.sku,), unknown=())
    assert on_hand(session, store, boots) == 3


def test_what_we_do_not_know_is_reported_and_the_rest_is_stored(session: Session) -> None:
    store, boots, _ = shop(session)
    foreign = new_variant(session, brand_id=new_brand(session).id)
    report = put(session, store, StockCount(1, sku=boots.sku), StockCount(1, sku=foreign.sku))
    assert report == StockReport(stored=1, outdated=(), unknown=(foreign.sku,))


def test_a_wrong_feed_changes_nothing(session: Session) -> None:
    store, boots, knit = shop(session)
    with pytest.raises(Invalid):
        put(session, store, StockCount(3, sku=boots.sku), StockCount(-1, sku=knit.sku))
    with pytest.raises(Invalid):
        put(session, store, StockCount(3, sku=boots.sku), StockCount(3, gtin=boots.gtin))
    with pytest.raises(Invalid):
        put(session, store, StockCount(3, sku=boots.sku), counted_at=NOON + timedelta(hours=1))
    assert queries.stock_for(session, store.id, [boots.id, knit.id], now=NOON) == {}


def test_a_store_of_another_brand_takes_no_feed(session: Session) -> None:
    store, boots, _ = shop(session)
    with pytest.raises(NotFound):
        service.put_stock(
            session,
            brand_id=new_brand(session).id,
            store_id=store.id,
            counts=[StockCount(1, sku=boots.sku)],
            counted_at=NOON,
            now=NOON,
        )


def test_a_count_is_fresh_for_less_than_five_minutes(session: Session, clock: FixedClock) -> None:
    store, boots, _ = shop(session)
    put(session, store, StockCount(1, sku=boots.sku))
    clock.advance(minutes=4, seconds=59)
    assert look(session, store, boots).is_fresh
    clock.advance(seconds=1)
    assert not look(session, store, boots).is_fresh


@both_databases
def test_sales_and_returns_move_stock_but_never_below_none(db: Database) -> None:
    with db.write() as session:
        store, boots, knit = shop(session)
        for variant in (boots, knit):
            new_stock(
                session,
                brand_id=store.brand_id,
                store_id=store.id,
                variant_id=variant.id,
                on_hand=2,
            )
    keys: dict[str, Any] = {"brand_id": store.brand_id, "store_id": store.id}
    with db.write() as session:
        service.take_stock(
            session, quantities={boots.id: 1, knit.id: 5, "unknown": 1}, now=NOON, **keys
        )
    with db.read() as session:
        assert on_hand(session, store, boots) == 1
        assert on_hand(session, store, knit) == 0
    with db.write() as session:
        service.return_stock(session, quantities={knit.id: 1}, **keys)
    with db.read() as session:
        assert on_hand(session, store, knit) == 1


def test_a_sale_before_the_last_count_is_not_taken_twice(session: Session) -> None:
    store, boots, _ = shop(session)
    put(session, store, StockCount(2, sku=boots.sku))
    keys: dict[str, Any] = {
        "brand_id": store.brand_id,
        "store_id": store.id,
        "quantities": {boots.id: 1},
    }
    service.take_stock(session, sold_at=NOON - timedelta(minutes=1), now=NOON, **keys)
    assert on_hand(session, store, boots) == 2
    service.take_stock(session, sold_at=NOON, now=NOON, **keys)
    assert on_hand(session, store, boots) == 1
