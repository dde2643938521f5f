"""Holds: begun while something is free, kept from others, ended once; free when their time is."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, NotFound
from core.ids import new_id
from core.outbox import Event
from retail.brands.queries import StoreView
from retail.catalogue import held, holds, queries, service, shelf
from retail.catalogue.held import HoldView
from retail.catalogue.queries import VariantView
from retail.catalogue.service import StockCount
from retail.journeys.holds.hold_piece import holder_of
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.holds import new_hold
from tests.conftest import NOON, both_databases

pytestmark = both_databases
SARAH, OLU = "sarah".ljust(26, "0"), "olu".ljust(26, "0")


def stocked(session: Session, on_hand: int) -> tuple[StoreView, VariantView]:
    store = new_store(session)
    style = new_style(session, brand_id=store.brand_id)
    boots, _ = (
        new_variant(session, brand_id=store.brand_id, style=style, size=size)
        for size in ("12", "14")
    )
    where = {"brand_id": store.brand_id, "store_id": store.id}
    new_stock(session, **where, variant_id=boots.id, on_hand=on_hand, counted_at=NOON)
    return store, boots


def free(session: Session, store: StoreView, piece: VariantView, clock: FixedClock) -> int:
    return queries.stock_for(session, store.id, [piece.id], now=clock.now())[piece.id].on_hand


def state(session: Session, hold: HoldView) -> str:
    found = held.find_hold(session, hold.id)
    assert found is not None
    return found.state


def test_a_held_piece_is_kept_from_everybody_until_its_time_is_over(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 1)
    new_hold(session, store, boots, SARAH, now=clock.now())
    with pytest.raises(Conflict, match="None is left"):
        new_hold(session, store, boots, OLU, now=clock.now())
    now, style = clock.now(), boots.style_id
    assert free(session, store, boots, clock) == 0
    stores = shelf.stock_in_stores(session, store.brand_id, boots.id, now=now)
    assert stores[store.id].on_hand == 0
    where, sizes = (session, store.id, store.brand_id), {"coats": {"12"}}
    assert shelf.on_shelf(*where, [style], sizes, now=now) == {}
    clock.advance(minutes=15)
    assert free(session, store, boots, clock) == 1
    assert shelf.on_shelf(*where, [style], sizes, now=clock.now()).keys() == {style}
    assert shelf.on_shelf(*where, [style], {"coats": {"14"}}, now=clock.now()) == {}
    new_hold(session, store, boots, OLU, now=clock.now())


def test_what_is_over_for_one_clock_is_over_for_a_slower_one(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 1)
    first = new_hold(session, store, boots, SARAH, now=clock.now())
    later = clock.now() + timedelta(minutes=16)
    second = new_hold(session, store, boots, OLU, now=later)
    assert (state(session, first), state(session, second)) == ("lapsed", "live")
    assert free(session, store, boots, clock) == 0


def test_one_source_brings_one_hold_once(session: Session, clock: FixedClock) -> None:
    store, boots = stocked(session, 3)
    first = new_hold(session, store, boots, SARAH, now=clock.now(), source="offer:1")
    again = new_hold(session, store, boots, SARAH, now=clock.now(), source="offer:1")
    assert again == first
    assert free(session, store, boots, clock) == 2
    holds.release(session, first.id, holder=holder_of(SARAH), now=clock.now())
    with pytest.raises(Conflict, match="once"):
        new_hold(session, store, boots, SARAH, now=clock.now(), source="offer:1")


def test_somebody_holds_only_so_many_at_a_time(session: Session, clock: FixedClock) -> None:
    store, boots = stocked(session, 9)
    first, *_ = (new_hold(session, store, boots, SARAH, now=clock.now()) for _ in "123")
    with pytest.raises(Conflict, match="as many pieces as one can"):
        new_hold(session, store, boots, SARAH, now=clock.now())
    new_hold(session, store, boots, OLU, now=clock.now())
    holds.release(session, first.id, holder=holder_of(SARAH), now=clock.now())
    new_hold(session, store, boots, SARAH, now=clock.now())


def test_a_hold_ends_once_and_only_its_holder_lets_it_go(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 1)
    hold = new_hold(session, store, boots, SARAH, now=clock.now())
    with pytest.raises(NotFound):
        holds.release(session, hold.id, holder=holder_of(OLU), now=clock.now())
    for _ in "12":
        holds.release(session, hold.id, holder=holder_of(SARAH), now=clock.now())
    clock.advance(minutes=20)
    assert not holds.void(session, hold.id, store_ids=[store.id], now=clock.now())
    assert not holds.lapse(session, hold.id, now=clock.now())
    assert state(session, hold) == "released"
    told = session.scalars(select(Event.payload).where(Event.kind == "HoldEnded")).all()
    assert told == [{"hold_id": hold.id, "how": "released"}]


def test_the_job_sweeps_what_is_over_and_nothing_before(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 1)
    hold = new_hold(session, store, boots, SARAH, now=clock.now())
    clock.advance(minutes=14)
    assert not holds.lapse(session, hold.id, now=clock.now())
    clock.advance(minutes=1)
    assert holds.lapse(session, hold.id, now=clock.now())
    assert state(session, hold) == "lapsed"


def test_what_its_holder_buys_is_collected_and_nobody_else_loses_theirs(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 2)
    first = new_hold(session, store, boots, SARAH, now=clock.now())
    clock.advance(minutes=1)
    second = new_hold(session, store, boots, OLU, now=clock.now())
    where = {"brand_id": store.brand_id, "store_id": store.id}
    sold = {"quantities": {boots.id: 1}, "sold_at": clock.now(), "now": clock.now()}
    service.take_stock(session, **where, **sold, holder=holder_of(SARAH))
    assert (state(session, first), state(session, second)) == ("collected", "live")
    assert free(session, store, boots, clock) == 0


def test_a_sale_from_before_a_hold_does_not_collect_it(session: Session, clock: FixedClock) -> None:
    store, boots = stocked(session, 2)
    clock.advance(hours=2)
    hold = new_hold(session, store, boots, SARAH, now=clock.now())
    where = {"brand_id": store.brand_id, "store_id": store.id}
    sold = {"quantities": {boots.id: 1}, "sold_at": NOON + timedelta(hours=1)}
    service.take_stock(session, **where, **sold, holder=holder_of(SARAH), now=clock.now())
    assert state(session, hold) == "live"


def test_where_a_count_finds_fewer_the_newest_holds_end(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 3)
    made = []
    for who in (SARAH, OLU, SARAH):
        made.append(new_hold(session, store, boots, who, now=clock.now()))
        clock.advance(minutes=1)
    service.put_stock(
        session,
        brand_id=store.brand_id,
        store_id=store.id,
        counts=[StockCount(1, sku=boots.sku)],
        counted_at=clock.now(),
        now=clock.now(),
    )
    assert [state(session, one) for one in made] == ["live", "gone", "gone"]
    assert free(session, store, boots, clock) == 0


def test_a_stranger_who_buys_the_last_piece_ends_the_hold_on_it(
    session: Session, clock: FixedClock
) -> None:
    store, boots = stocked(session, 1)
    hold = new_hold(session, store, boots, SARAH, now=clock.now())
    where = {"brand_id": store.brand_id, "store_id": store.id}
    service.take_stock(session, **where, quantities={boots.id: 1}, now=clock.now())
    assert state(session, hold) == "gone"


def test_nothing_is_held_of_what_nobody_counted(session: Session, clock: FixedClock) -> None:
    store = new_store(session)
    boots = new_variant(session, brand_id=store.brand_id)
    with pytest.raises(Conflict):
        new_hold(session, store, boots, SARAH, now=clock.now(), source=f"offer:{new_id()}")
