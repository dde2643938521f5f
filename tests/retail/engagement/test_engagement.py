"""Engaged likes: those after which their giver did more, told to nobody who could guess who."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import SHARING
from retail.engagement import queries, rules
from retail.engagement.rules import Counted, Engagement
from retail.saves import service as saves
from retail.sharing import service as sharing
from retail.social import service as likes
from tests.builders.accounts import give_consent
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variants
from tests.builders.league import like_times, new_league, ranked_outfit
from tests.builders.outfits import bought
from tests.conftest import both_databases


@pytest.fixture
def store(session: Session) -> StoreView:
    store = new_store(session)
    new_league(session, store.brand_id)
    return store


def look_with(session: Session, store: StoreView, fans: int) -> tuple[str, list[MemberView]]:
    _, look = ranked_outfit(session, store)
    return look, like_times(session, look, store.brand_id, fans)


def of(session: Session, look: str) -> Engagement:
    return queries.engagement_of_looks(session, [look])[look]


@both_databases
def test_a_save_a_share_or_a_purchase_after_a_like_goes_further(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    look, (saver, passer, buyer, *_) = look_with(session, store, 6)
    assert of(session, look) == Engagement(6, 0)
    clock.advance(hours=2)
    saves.save(session, look, member=saver, now=clock.now())
    give_consent(session, passer, SHARING)
    sharing.make_links(session, look, sharer=passer, now=clock.now())
    bought(
        session, store, buyer, new_variants(session, brand_id=store.brand_id, drawings=("boots",))
    )
    assert of(session, look) == Engagement(6, 3)
    saves.save(session, look, member=passer, now=clock.now())
    assert of(session, look) == Engagement(6, 3), "a like is engaged once"
    likes.unlike(session, look, member=saver)
    assert of(session, look) == Engagement(5, 2), "what is taken back is gone"


def test_what_was_done_before_or_long_after_does_not(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    _, look = ranked_outfit(session, store)
    other, fans = look_with(session, store, 6)
    saves.save(session, look, member=fans[0], now=clock.now())
    clock.advance(hours=1)
    for fan in fans:
        likes.like(session, look, member=fan, now=clock.now())
    clock.advance(days=14)
    saves.save(session, look, member=fans[1], now=clock.now())
    clock.advance(seconds=1)
    saves.save(session, look, member=fans[2], now=clock.now())
    assert of(session, look) == Engagement(6, 1)
    assert of(session, other) == Engagement(6, 0)


def test_a_stylist_hears_no_number_from_which_a_friend_could_be_guessed() -> None:
    assert rules.for_stylist(4, 1) == Engagement(4, None)
    assert rules.for_stylist(5, 5) == Engagement(5, None)
    assert rules.for_stylist(12, 5) == Engagement(12, 5)


def test_marketers_see_stylists_of_the_league_with_enough_people(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    look, fans = look_with(session, store, 22)
    for few in (3, 11):
        look_with(session, store, few)
    clock.advance(hours=1)
    for fan in fans[:12]:
        saves.save(session, look, member=fan, now=clock.now())
    span = {"starts_at": clock.now() - timedelta(days=1), "ends_at": clock.now()}
    rows = queries.engagement_of(session, store.brand_id, **span)
    assert [(row.people, row.likes, row.engaged) for row in rows] == [
        (22, 22, 12),
        (None, None, None),
        (None, None, None),
    ], "the row of eleven goes with that of three, which would follow from the total"
    nothing = {"starts_at": clock.now(), "ends_at": clock.now() + timedelta(days=1)}
    assert queries.engagement_of(session, store.brand_id, **nothing) == []


@pytest.mark.parametrize(("people", "engaged"), [(20, 9), (20, 11), (12, 12), (30, 0)])
def test_engaged_counts_of_few_or_of_nearly_all_are_held_back(people: int, engaged: int) -> None:
    crowd = frozenset(map(str, range(people)))
    some = frozenset(map(str, range(engaged)))
    (row,) = rules.for_marketers([Counted("nina", crowd, some, people, engaged)])
    assert (row.likes, row.engaged) == (people, None)
