"""Tiers in the shop: bought up to, returned down from, and run out with the year."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.outbox import Event
from core.transaction import Database
from loyalty.tiers import queries as tiers
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.journeys.points.earn_points import earn_points
from retail.journeys.points.review_tier import (
    Foreseen,
    has_due,
    preview_tiers,
    review_due,
)
from retail.journeys.sales.refund import record_refund
from retail.receipts.returns import ReturnInput
from retail.standings.queries import credits_of, credits_of_all, find_standing
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.points import earn, spend
from tests.builders.receipts import line, new_receipt, till_of
from tests.builders.terms import POUNDS, give_terms
from tests.builders.tiers import ladder, new_tiers
from tests.conftest import both_databases

CREDITS = {"id": "credits", "kind": "spend", "points": 1, "per_minor": 100, "wallet": "credits"}


@pytest.fixture
def store(session: Session) -> StoreView:
    store = new_store(session, zone="Europe/London")
    give_terms(session, store.brand_id, POUNDS, CREDITS)
    new_tiers(session, programme_id=store.brand_id, zone="Europe/London")
    return store


def tier_of(session: Session, member: MemberView) -> str | None:
    return tiers.find_tier(session, member.brand_id, member.id)


def buy(session: Session, store: StoreView, member: MemberView, pounds: int, now: object) -> str:
    receipt = new_receipt(
        session, store=store, member=member, lines=(line(total_minor=100 * pounds),)
    )
    earn_points(session, receipt, now=now)  # type: ignore[arg-type]
    return receipt.id


def test_a_purchase_lifts_and_its_return_is_as_if_it_had_never_been(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    nina = new_member(session, store.brand_id)
    buy(session, store, nina, 120, clock.now())
    assert tier_of(session, nina) == "silver"
    dear = buy(session, store, nina, 200, clock.now())
    assert tier_of(session, nina) == "gold"
    clock.advance(days=3)
    back = ReturnInput("R1", clock.now())
    till = till_of(store)
    record_refund(session, key=till, receipt_id=dear, given=back, now=clock.now())
    assert tier_of(session, nina) == "silver"
    said = [(one.before, one.tier) for one in tiers.changes(session, nina.brand_id, nina.id)]
    assert said == [("gold", "silver"), ("silver", "gold"), (None, "silver")]
    kinds = session.scalars(select(Event.kind)).all()
    assert [kind for kind in kinds if kind == "TierChanged"] == ["TierChanged"] * 2


def test_what_was_spent_or_ran_out_was_earned_all_the_same(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    nina = new_member(session, store.brand_id)
    mine = {"programme_id": store.brand_id, "wallet": "credits"}
    earn(session, nina.id, 120, **mine)
    spend(session, nina.id, 100, **mine)
    who = {"brand_id": store.brand_id, "joined_at": nina.joined_at, "now": clock.now()}
    found = find_standing(session, nina.id, **who)
    assert found is not None
    assert (found.tier.code, found.credits, found.missing) == ("silver", 120, 180)


def test_a_brand_without_tiers_has_nobody_standing_anywhere(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    give_terms(session, store.brand_id, CREDITS)
    nina = new_member(session, store.brand_id)
    buy(session, store, nina, 500, clock.now())
    assert tier_of(session, nina) is None
    assert not has_due(session, clock.now())


@both_databases
def test_the_worker_lets_tiers_run_out_with_the_year(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        store = new_store(session, zone="Europe/London")
        give_terms(session, store.brand_id, POUNDS, CREDITS)
        new_tiers(session, programme_id=store.brand_id)
        nina = new_member(session, store.brand_id)
        buy(session, store, nina, 120, clock.now())
    with db.read() as session:
        assert not has_due(session, clock.now())
    clock.instant = clock.now().replace(year=2027, month=1, day=1, hour=0)
    for _ in range(2):
        with db.write() as session:
            review_due(session, clock.now())
    with db.read() as session:
        assert tier_of(session, nina) == "classic"
        assert len(tiers.changes(session, nina.brand_id, nina.id)) == 2
        assert not has_due(session, clock.now())


def test_other_tiers_say_whom_they_would_move_and_then_do(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    for pounds in (120, 150, 400):
        buy(session, store, new_member(session, store.brand_id), pounds, clock.now())
    steeper = ladder(tiers=tuple(ladder().tiers[place] for place in (0, 2)))
    found = preview_tiers(session, store.brand_id, steeper, now=clock.now())
    assert found == Foreseen(Counter({("silver", "classic"): 2}), looked=3, members=3)
    new_tiers(session, programme_id=store.brand_id, tiers=steeper.tiers)
    review_due(session, clock.now())
    assert tiers.counts(session, store.brand_id) == {"classic": 2, "gold": 1}


def test_the_credits_of_many_are_those_of_each(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    members = [new_member(session, store.brand_id) for _ in range(3)]
    for number, member in enumerate(members):
        buy(session, store, member, 100, clock.now())
        dear = buy(session, store, member, 40, clock.now())
        back = ReturnInput(f"R{number}", clock.now())
        till = till_of(store)
        record_refund(session, key=till, receipt_id=dear, given=back, now=clock.now())
    each = {one.id: credits_of(session, store.brand_id, one.id) for one in members}
    assert credits_of_all(session, store.brand_id) == each
    tail = max(one.id[-2:] for one in members)
    some = credits_of_all(session, store.brand_id, tail=tail)
    assert some == {one: theirs for one, theirs in each.items() if one[-2:] < tail}
    assert {credit.amount for found in each.values() for credit in found} == {100}


def test_credits_that_wait_count_from_the_day_they_were_earned(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    nina = new_member(session, store.brand_id)
    bought_at = clock.now()
    buy(session, store, nina, 70, bought_at)
    clock.advance(days=40)
    assert [(one.at, one.amount) for one in credits_of(session, store.brand_id, nina.id)] == [
        (bought_at, 70)
    ]
    assert bought_at + timedelta(days=40) == clock.now()
