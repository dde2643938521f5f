"""Shoppers who want one pair at the same instant: as many holds as pairs, and never one more."""

import pytest
from sqlalchemy import func, select

from core.errors import Conflict
from core.ids import new_id
from core.outbox import Event
from core.transaction import Database
from retail.brands.queries import StoreView
from retail.catalogue import held, holds, service
from retail.catalogue.models import Hold, Stock
from retail.catalogue.queries import VariantView
from retail.catalogue.service import StockCount
from retail.journeys.holds.hold_piece import holder_of
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_variant
from tests.builders.holds import QUARTER, new_hold
from tests.builders.races import meeting, race
from tests.conftest import NOON, both_databases

pytestmark = both_databases


def stocked(db: Database, on_hand: int) -> tuple[StoreView, VariantView]:
    with db.write() as session:
        store = new_store(session)
        boots = new_variant(session, brand_id=store.brand_id)
        where = {"brand_id": store.brand_id, "store_id": store.id, "variant_id": boots.id}
        new_stock(session, **where, on_hand=on_hand, counted_at=NOON)
    return store, boots


def live(db: Database) -> int:
    with db.read() as session:
        return session.scalars(
            select(func.count()).select_from(Hold).where(Hold.state == "live")
        ).one()


@pytest.mark.proof(rounds=1_250)
def test_of_two_dozen_shoppers_as_many_hold_as_there_are_pairs(db: Database) -> None:
    store, boots = stocked(db, 2)

    def want(attempt: int) -> bool:
        try:
            with db.write() as session:
                new_hold(session, store, boots, f"{attempt:026}", now=NOON)
        except Conflict:
            return False
        return True

    assert sum(race(want, attempts=24)) == live(db) == 2


@pytest.mark.proof
def test_the_race_catches_holds_counted_before_they_are_written(db: Database) -> None:
    """The control: the same shoppers, each of whom counts first and then writes what it saw."""
    store, boots = stocked(db, 2)
    all_have_counted = meeting()

    def naive(attempt: int) -> None:
        with db.read() as session:
            counted = held.left_for(session, store.id, [boots.id], holder=holder_of("?"), now=NOON)
        all_have_counted()
        if counted[boots.id] > 0:
            with db.write() as session:
                session.add(_row(store, boots, f"{attempt:026}"))

    race(naive, attempts=8)
    assert live(db) == 8


def _row(store: StoreView, boots: VariantView, holder_id: str) -> Hold:
    return Hold(
        id=new_id(),
        brand_id=store.brand_id,
        store_id=store.id,
        variant_id=boots.id,
        holder_kind="member",
        holder_id=holder_id,
        source="naive",
        began_at=NOON,
        ends_at=NOON + QUARTER,
    )


@pytest.mark.proof(rounds=1_250)
def test_one_shopper_who_taps_everywhere_at_once_keeps_to_the_quota(db: Database) -> None:
    store, boots = stocked(db, 20)

    def want(attempt: int) -> bool:
        try:
            with db.write() as session:
                new_hold(session, store, boots, "0" * 26, now=NOON, source=f"offer:{attempt}")
        except Conflict:
            return False
        return True

    assert sum(race(want, attempts=16)) == live(db) == 3


@pytest.mark.proof(rounds=1_250)
def test_a_hold_that_everybody_ends_at_once_ends_once(db: Database) -> None:
    store, boots = stocked(db, 1)
    with db.write() as session:
        hold = new_hold(session, store, boots, "0" * 26, now=NOON)
    later = NOON + QUARTER

    def end(attempt: int) -> None:
        with db.write() as session:
            if attempt % 3 == 0:
                holds.release(session, hold.id, holder=holder_of("0" * 26), now=NOON)
            elif attempt % 3 == 1:
                holds.void(session, hold.id, store_ids=[store.id], now=NOON)
            else:
                holds.lapse(session, hold.id, now=later)

    race(end, attempts=12)
    with db.read() as session:
        told = session.scalars(select(Event.payload).where(Event.kind == "HoldEnded")).all()
    assert len(told) == 1


@pytest.mark.proof(rounds=1_250)
def test_counts_and_sales_that_come_between_never_leave_more_held_than_there_is(
    db: Database,
) -> None:
    store, boots = stocked(db, 4)
    where = {"brand_id": store.brand_id, "store_id": store.id}

    def act(attempt: int) -> None:
        try:
            with db.write() as session:
                if attempt % 4 == 0:
                    service.take_stock(session, **where, quantities={boots.id: 1}, now=NOON)
                elif attempt % 4 == 1:
                    counts = [StockCount(attempt % 3, sku=boots.sku)]
                    service.put_stock(session, **where, counts=counts, counted_at=NOON, now=NOON)
                else:
                    new_hold(session, store, boots, f"{attempt:026}", now=NOON)
        except Conflict:
            return

    race(act, attempts=24)
    with db.read() as session:
        on_hand = session.scalars(select(Stock.on_hand)).one()
    assert 0 <= live(db) <= on_hand
