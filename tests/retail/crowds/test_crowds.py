"""How many people bought something: distinct, of one brand, ten at least, rounded down."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from core import clock
from retail.brands.queries import StoreView
from retail.catalogue.queries import VariantView
from retail.crowds.queries import crowds
from retail.crowds.rules import round_down
from retail.journeys.members.erase_member import erase_member
from retail.journeys.sales.refund import record_refund
from retail.receipts.returns import ReturnInput
from tests.builders.brands import new_brand, new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.crowds import count_crowds, crowd_buys
from tests.builders.receipts import new_receipt, till_of
from tests.conftest import KEY, both_databases


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, 0), (9, 0), (10, 10), (19, 10), (99, 90), (100, 100), (129, 120), (1_239, 1_200)],
)
def test_a_crowd_is_told_in_tens_at_least_and_never_more_than_it_is(count: int, told: int) -> None:
    assert round_down(count) == told


def told(session: Session, store: StoreView, variant: VariantView) -> int:
    count_crowds(session, store.brand_id)
    return crowds(session, [variant.style_id], now=clock.now())[variant.style_id]


@both_databases
def test_different_people_count_and_each_of_them_once_in_any_colour_or_size(
    session: Session,
) -> None:
    store = new_store(session)
    style = new_style(session, brand_id=store.brand_id)
    red, blue = (new_variant(session, brand_id=store.brand_id, style=style) for _ in range(2))
    [(busy, _), *_rest] = crowd_buys(session, store, [red], 9)
    for variant in (red, blue, blue):
        new_receipt(session, store=store, variants=[variant], member=busy)
    new_receipt(session, store=store, variants=[red])
    assert told(session, store, red) == 0
    crowd_buys(session, new_store(session, brand_id=store.brand_id), [blue], 2)
    assert told(session, store, red) == 10


def _brought_back(session: Session, store: StoreView, variant: VariantView) -> None:
    for _, receipt in crowd_buys(session, store, [variant], 12):
        given = ReturnInput(f"B-{receipt.id}", clock.now())
        who = {"key": till_of(store), "now": clock.now()}
        record_refund(session, receipt_id=receipt.id, given=given, **who)


def _given_away(session: Session, store: StoreView, variant: VariantView) -> None:
    crowd_buys(session, store, [variant], 12, is_gift=True)


def _gone(session: Session, store: StoreView, variant: VariantView) -> None:
    for member, _ in crowd_buys(session, store, [variant], 12):
        erase_member(session, member=member, now=clock.now(), key=KEY)


@both_databases
@pytest.mark.parametrize("what", [_brought_back, _given_away, _gone])
def test_nobody_counts_with_what_they_have_no_more_or_gave_away_or_after_they_left(
    session: Session, what: Callable[[Session, StoreView, VariantView], None]
) -> None:
    store = new_store(session)
    variant = new_variant(session, brand_id=store.brand_id)
    what(session, store, variant)
    assert told(session, store, variant) == 0


@both_databases
def test_what_is_never_shared_has_no_crowd_nor_what_another_brand_sells(session: Session) -> None:
    store, other = new_store(session), new_store(session, brand_id=new_brand(session).id)
    style = new_style(
        session, brand_id=store.brand_id, category_code="health", is_never_shareable=True
    )
    secret = new_variant(session, brand_id=store.brand_id, style=style)
    theirs = new_variant(session, brand_id=other.brand_id)
    crowd_buys(session, store, [secret], 12)
    crowd_buys(session, other, [theirs], 12)
    assert told(session, store, secret) == 0
    assert told(session, store, theirs) == 0
    assert told(session, other, theirs) == 10
