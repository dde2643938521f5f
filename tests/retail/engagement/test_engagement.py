"""Engaged likes: those after which their giver did more, told to nobody who could guess who."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import SHARING
from retail.engagement import queries, rules
from retail.engagement.queries import Engagements
from retail.engagement.rules import NOTHING, Counted, Engagement, Told
from retail.outfits import queries as outfits
from retail.outfits import service
from retail.saves import service as saves
from retail.sharing import service as sharing
from retail.social import service as likes
from retail.visits import service as visits
from tests.builders.accounts import give_consent
from tests.builders.brands import new_store
from tests.builders.catalogue import new_variant, new_variants
from tests.builders.league import like_times, new_league, ranked_outfit
from tests.builders.outfits import bought
from tests.conftest import both_databases

ONE = timedelta(days=1)


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
def test_a_save_share_scan_visit_or_purchase_after_a_like_goes_further(
    session: Session, clock: FixedClock
) -> None:
    store = new_store(session)
    look, (saver, passer, buyer, keeper, visitor, *_) = look_with(session, store, 6)
    piece = new_variant(session, brand_id=store.brand_id)
    assert of(session, look) == Engagement(6, 0)
    clock.advance(hours=2)
    saves.save(session, look, member=saver, now=clock.now())
    give_consent(session, passer, SHARING)
    sharing.make_links(session, look, sharer=passer, now=clock.now())
    bought(
        session, store, buyer, new_variants(session, brand_id=store.brand_id, drawings=("boots",))
    )
    assert of(session, look) == Engagement(6, 3)
    saves.save_piece(session, piece.gtin or "", member=keeper, now=clock.now())
    assert of(session, look) == Engagement(6, 4)
    visits.check_in(session, store, member=visitor, now=clock.now())
    assert of(session, look) == Engagement(6, 5)
    saves.save(session, look, member=passer, now=clock.now())
    assert of(session, look) == Engagement(6, 5), "a like is engaged once"
    likes.unlike(session, look, member=saver)
    assert of(session, look) == Engagement(5, 4), "what is taken back is gone"
    visits.leave(session, store, member=visitor, now=clock.now())
    saves.let_go(session, piece.id, member=keeper)
    assert of(session, look) == Engagement(5, 2)


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
    found = queries.engagement_of(session, store.brand_id, **span)
    told = {row.stylist_id: row.told for row in found.stylists}
    nina = told.pop(outfits.get_visible(session, look).member_id)
    assert nina == Told(22, 12)
    assert list(told.values()) == [NOTHING, NOTHING], (
        "the row of eleven goes with that of three, which would follow from the total"
    )
    assert [(row.look.id, row.told) for row in found.looks] == [(look, Told(22, 12))]
    nothing = {"starts_at": clock.now(), "ends_at": clock.now() + timedelta(days=1)}
    assert queries.engagement_of(session, store.brand_id, **nothing) == Engagements([], [], None)


def test_a_look_that_is_not_for_everyone_any_more_has_no_row(
    session: Session, store: StoreView, clock: FixedClock
) -> None:
    look, _ = look_with(session, store, 12)
    owner = outfits.get_visible(session, look).member_id
    service.put_away(session, look, member_id=owner, now=clock.now())
    span = {"starts_at": clock.now() - timedelta(days=1), "ends_at": clock.now() + ONE}
    found = queries.engagement_of(session, store.brand_id, **span)
    assert [row.told.likes for row in found.stylists] == [12]
    assert found.looks == []


def counted(key: str, people: int, engaged: int, *, first: int = 0) -> Counted:
    """A look liked once by each of so many people, of whom the first ones went further."""
    crowd = [str(first + n) for n in range(people)]
    return Counted(key, frozenset(crowd), frozenset(crowd[:engaged]), people, engaged)


@pytest.mark.parametrize(("people", "engaged"), [(20, 9), (20, 11), (12, 12), (30, 0)])
def test_engaged_counts_of_few_or_of_nearly_all_are_held_back(people: int, engaged: int) -> None:
    told = rules.for_marketers([counted("nina", people, engaged)])
    assert told == {"nina": Told(people, None)}


def test_a_look_of_few_does_not_follow_from_its_stylist_and_her_others() -> None:
    looks = [
        counted("big", 40, 20),
        counted("mid", 12, 0, first=40),
        counted("few", 3, 0, first=52),
    ]
    of = Told(55, 20)
    each_by_itself = {look.key: rules.for_marketers([look])[look.key].likes for look in looks}
    assert each_by_itself == {"big": 40, "mid": 12, "few": None}, "55 - 40 - 12 would tell of three"
    told = rules.of_looks(looks, of)
    assert {key: one.likes for key, one in told.items()} == {"big": 40, "mid": None, "few": None}
    assert told["big"].engaged is None, "20 - 20 would tell what fifteen did"
    alike = [*looks[:2], counted("few", 30, 15, first=52)]
    assert rules.of_looks(alike, Told(82, 35))["mid"].engaged is None


def test_looks_say_nothing_that_their_stylist_does_not() -> None:
    looks = [counted("a", 40, 20), counted("b", 40, 20, first=40)]
    assert set(rules.of_looks(looks, NOTHING).values()) == {NOTHING}
    assert set(rules.of_looks(looks, Told(80, None)).values()) == {Told(40, None)}
    assert rules.of_looks(looks, Told(80, 40)) == {"a": Told(40, 20), "b": Told(40, 20)}
    assert rules.of_looks(looks, Told(80, 40), unnamed={"b"})["b"] == NOTHING


def test_totals_hold_nothing_that_no_row_tells() -> None:
    total = rules.total([Told(50, 20), Told(30, None), NOTHING])
    assert (total.likes, total.engaged, total.empty, total.share) == (80, 20, 30, 0.4)
    assert rules.total([]).share is None


def test_every_deed_that_counts_is_seen_somewhere_and_said_once() -> None:
    kinds = [deed.kind for deed in rules.DEEDS]
    assert len(set(kinds)) == len(kinds)
    assert {"save", "share", "scan", "visit", "purchase"} == set(kinds)
