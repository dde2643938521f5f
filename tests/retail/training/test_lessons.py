"""What may be learnt, of whom, and under which names."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.consent.rules import OFFERS
from retail.journeys.members.agree import take_back
from retail.journeys.members.erase_member import erase_member
from retail.outfits import queries as outfits
from retail.receipts import service as receipts
from retail.receipts.returns import ReturnInput, ReturnLineInput
from retail.saves import service as saves
from retail.social import service as social
from retail.social.models import OutfitLike
from retail.training.lessons import Lessons, lessons_of
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.outfits import new_draft, new_outfit
from tests.builders.training import buys, new_shopper
from tests.conftest import KEY, both_databases

Deed = tuple[str, str]


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


def learn(session: Session, store: StoreView) -> Lessons:
    return lessons_of(session, store.brand_id, now=clock.now(), key=KEY)


def deeds(session: Session, store: StoreView) -> set[Deed]:
    return {(event.item, event.kind) for event in learn(session, store).events}


def shopper_with_coat(session: Session, store: StoreView, **overrides: object) -> MemberView:
    member = new_shopper(session, store.brand_id, **overrides)
    buys(session, store, member, new_variant(session, brand_id=store.brand_id))
    return member


@both_databases
def test_what_was_bought_and_kept_teaches_under_a_name_that_says_nothing(
    session: Session, store: StoreView
) -> None:
    member = new_shopper(session, store.brand_id)
    coat, hat, scarf = (new_variant(session, brand_id=store.brand_id) for _ in range(3))
    bought = buys(session, store, member, coat, hat, scarf)
    returned = ReturnInput("B-1", clock.now(), (ReturnLineInput(3, Decimal(1)),))
    receipts.record_return(session, bought.id, given=returned, now=clock.now())
    found = learn(session, store)
    (user,) = {event.user for event in found.events}
    at = (clock.now() - timedelta(hours=1)).timestamp()
    kept = {coat.style_id, hat.style_id}
    assert {(one.item, one.kind, one.at) for one in found.events} == {
        (style, "purchase", at) for style in kept
    }
    assert [(one.at, set(one.styles)) for one in found.baskets] == [(at, kept)]
    assert (found.shoppers, found.items) == (1, 2)
    assert member.id not in user


@both_databases
def test_likes_and_saves_teach_every_piece_that_a_look_shows(
    session: Session, store: StoreView
) -> None:
    look_id = new_outfit(session, store)
    member = new_shopper(session, store.brand_id)
    social.like(session, look_id, member=member, now=clock.now())
    saves.save(session, look_id, member=member, now=clock.now())
    piece = new_variant(session, brand_id=store.brand_id)
    assert piece.gtin is not None
    saves.save_piece(session, piece.gtin, member=member, now=clock.now())
    shown = {one.style_id for one in outfits.get_visible(session, look_id).pieces}
    expected = {(style, kind) for style in shown for kind in ("like", "save")}
    assert len(shown) == 2
    assert deeds(session, store) == expected | {(piece.style_id, "save")}


def test_a_like_that_looks_arranged_teaches_nothing(session: Session, store: StoreView) -> None:
    look_id = new_outfit(session, store)
    member = new_shopper(session, store.brand_id)
    social.like(session, look_id, member=member, now=clock.now())
    session.execute(update(OutfitLike).values(verdict="held"))
    assert deeds(session, store) == set()


@both_databases
def test_only_who_agreed_and_is_not_known_to_be_too_young_is_learnt_from(
    session: Session, store: StoreView
) -> None:
    young = date(clock.now().year - 15, 1, 1)
    silent = new_member(session, store.brand_id)
    buys(session, store, silent, new_variant(session, brand_id=store.brand_id))
    shopper_with_coat(session, store, birth_on=young)
    buys(session, store, None, new_variant(session, brand_id=store.brand_id))
    assert learn(session, store).events == ()
    give_consent(session, silent, OFFERS)
    assert learn(session, store).shoppers == 1


@both_databases
def test_who_withdraws_or_is_erased_is_gone_at_once(session: Session, store: StoreView) -> None:
    wavering, leaving = (shopper_with_coat(session, store) for _ in range(2))
    assert learn(session, store).shoppers == 2
    take_back(session, OFFERS, member=wavering, now=clock.now())
    assert learn(session, store).shoppers == 1
    erase_member(session, member=leaving, now=clock.now(), key=KEY)
    found = learn(session, store)
    # Their receipts stay in the books, and teach nothing all the same.
    assert (found.events, found.baskets) == ((), ())


def test_goods_that_are_never_shared_teach_nothing(session: Session, store: StoreView) -> None:
    quiet = new_style(
        session, brand_id=store.brand_id, category_code="pharmacy", is_never_shareable=True
    )
    test = new_variant(session, brand_id=store.brand_id, style=quiet)
    coat = new_variant(session, brand_id=store.brand_id)
    member = new_shopper(session, store.brand_id)
    buys(session, store, member, test, coat)
    found = learn(session, store)
    assert {event.item for event in found.events} == {coat.style_id}
    assert [one.styles for one in found.baskets] == [(coat.style_id,)]


def test_a_present_says_nothing_of_who_bought_it(session: Session, store: StoreView) -> None:
    member = new_shopper(session, store.brand_id)
    buys(session, store, member, new_variant(session, brand_id=store.brand_id), is_gift=True)
    assert learn(session, store).events == ()


def test_drafts_teach_nobody_anything(session: Session, store: StoreView) -> None:
    stylist = new_shopper(session, store.brand_id)
    new_draft(session, store, stylist)
    # What she bought is hers; the look that she laid out of it says nothing to others.
    assert {kind for _, kind in deeds(session, store)} == {"purchase"}


@both_databases
def test_one_brand_never_learns_from_another_and_names_do_not_match(
    session: Session, store: StoreView
) -> None:
    other = new_store(session)
    twin = "0" * 25
    for place, suffix in ((store, "1"), (other, "2")):
        shopper_with_coat(session, place, id=twin + suffix)
    mine, theirs = learn(session, store), learn(session, other)
    assert (mine.shoppers, theirs.shoppers) == (1, 1)
    assert {e.user for e in mine.events}.isdisjoint(e.user for e in theirs.events)
    assert {e.item for e in mine.events}.isdisjoint(e.item for e in theirs.events)
