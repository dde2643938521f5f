"""A basket on the phone: one for a member, of one visit, by two phones at once as by one."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Conflict, Invalid
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.vouchers.fill_phone_basket import carried_by, put_in
from retail.phone_baskets import queries, service
from retail.phone_baskets.models import PhoneBasketLine
from retail.phone_baskets.rules import KEPT_FOR, MOST_PIECES
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant
from tests.builders.races import meeting, race
from tests.conftest import both_databases

pytestmark = both_databases


@pytest.fixture
def store(db: Database) -> StoreView:
    with db.write() as session:
        return new_store(session)


@pytest.fixture
def nina(db: Database, store: StoreView) -> MemberView:
    with db.write() as session:
        return new_member(session, store.brand_id)


def new_skus(db: Database, store: StoreView, count: int) -> list[str]:
    with db.write() as session:
        return [new_variant(session, brand_id=store.brand_id).sku for _ in range(count)]


def put(db: Database, nina: MemberView, sku: str, pieces: int = 1) -> None:
    with db.write() as session:
        put_in(session, sku, pieces, member=nina, now=core_clock.now())


def counts(db: Database, nina: MemberView) -> list[int]:
    with db.read() as session:
        found = queries.find_basket(session, nina.id, now=core_clock.now())
        return list(found.pieces.values()) if found else []


def put_what_was_seen(db: Database, nina: MemberView, sku: str, meet: Callable[[], object]) -> None:
    """How pieces must not be counted: read, then write one more."""
    with db.read() as session:
        seen = session.scalars(select(PhoneBasketLine.pieces)).one()
    meet()
    with db.write() as session:
        line = session.scalars(select(PhoneBasketLine)).one()
        line.pieces = seen + 1


def test_every_tap_of_two_phones_counts(db: Database, store: StoreView, nina: MemberView) -> None:
    skus = new_skus(db, store, 2)
    race(lambda attempt: put(db, nina, skus[attempt % 2]), attempts=16)
    assert counts(db, nina) == [8, 8]


def test_counting_on_from_what_was_seen_is_caught(
    db: Database, store: StoreView, nina: MemberView
) -> None:
    (sku,) = new_skus(db, store, 1)
    put(db, nina, sku)
    together = meeting()
    race(lambda _: put_what_was_seen(db, nina, sku, together), attempts=8)
    with pytest.raises(AssertionError):
        assert counts(db, nina) == [9]


def test_two_phones_that_begin_a_new_visit_at_once_share_its_basket(
    db: Database, store: StoreView, nina: MemberView, clock: FixedClock
) -> None:
    skus = new_skus(db, store, 9)
    put(db, nina, skus[8])
    clock.instant += KEPT_FOR
    race(lambda attempt: put(db, nina, skus[attempt]), attempts=8)
    assert counts(db, nina) == [1] * 8


def test_what_is_over_is_swept_and_what_is_filled_stays(
    db: Database, store: StoreView, nina: MemberView, clock: FixedClock
) -> None:
    skus = new_skus(db, store, 1)
    with db.write() as session:
        other = new_member(session, store.brand_id)
    put(db, nina, skus[0])
    clock.instant += KEPT_FOR
    put(db, other, skus[0])
    with db.write() as session:
        service.forget_old(session, now=core_clock.now())
        assert queries.export(session, nina.id) == []
        assert [one["lines"][0]["pieces"] for one in queries.export(session, other.id)] == [1]


def test_a_basket_has_an_end(
    db: Database, store: StoreView, nina: MemberView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_LINES", 3)
    skus = new_skus(db, store, 4)
    with db.write() as session:
        for sku in skus[:-1]:
            put_in(session, sku, MOST_PIECES, member=nina, now=core_clock.now())
    put(db, nina, skus[0])
    with pytest.raises(Conflict, match="at most"):
        put(db, nina, skus[-1])
    with pytest.raises(Invalid):
        put(db, nina, skus[0], 0)
    assert counts(db, nina) == [MOST_PIECES] * 3


def test_what_has_no_price_in_the_stores_currency_is_left_to_the_till(
    db: Database, store: StoreView, nina: MemberView
) -> None:
    with db.write() as session:
        abroad = new_variant(session, brand_id=store.brand_id, currency="EUR")
    put(db, nina, abroad.sku)
    with db.read() as session:
        found = carried_by(session, nina, now=core_clock.now())
    assert found is not None
    assert (found.pieces, [one.variant for one in found.unpriced]) == ((), [abroad])
