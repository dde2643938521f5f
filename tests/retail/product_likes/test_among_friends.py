"""Who likes a product or a look with it: people in tens, each once; friends as they agreed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core import clock
from retail.accounts.queries import MemberView
from retail.brands.queries import StoreView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.rules import (
    LIKES_ON_SCREEN,
    LIKES_TO_FRIENDS,
    PRODUCT_LIKES_TO_FRIENDS,
    PUBLIC_OUTFITS,
)
from retail.friends import service as friends
from retail.outfits import queries as outfits
from retail.outfits.views import PieceView
from retail.product_likes import among_friends, queries, service
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member
from tests.builders.brands import new_store
from tests.builders.friends import befriend
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.shelf import like_long_ago
from tests.conftest import both_databases


def a_look(session: Session, store: StoreView) -> tuple[str, PieceView, MemberView]:
    """A look for everyone, a piece on it, and whose look it is."""
    stylist = new_stylist(session, store.brand_id)
    look = new_outfit(session, store, member=stylist)
    pieces = outfits.get_visible(session, look, viewer_id=None).pieces
    return look, pieces[0], stylist


def label_of(session: Session, store: StoreView, piece: PieceView) -> VariantView:
    found = catalogue.get_variants(session, store.brand_id, [piece.variant_id])
    return found[piece.variant_id]


def liked_by(session: Session, look: str, brand_id: str, number: int) -> list[MemberView]:
    fans = [new_member(session, brand_id) for _ in range(number)]
    for fan in fans:
        social.like(session, look, member=fan, now=clock.now())
    return fans


def told(session: Session, store: StoreView, style: str) -> int:
    service.count(session, store.brand_id, now=clock.now())
    return likes_of(session, store, style, clock.now())


def likes_of(session: Session, store: StoreView, style: str, now: datetime) -> int:
    """How many like a style, asked by a GTIN of it."""
    gtins = [one.gtin or "" for one in catalogue.variants_of(session, store.brand_id, style)]
    return queries.likes_of(session, store.brand_id, gtins[:1], now=now)[0].likes


@both_databases
def test_people_are_told_in_tens_and_as_long_as_their_likes_and_the_look_stand(
    session: Session,
) -> None:
    store = new_store(session)
    look, piece, stylist = a_look(session, store)
    style = piece.style_id
    fans = liked_by(session, look, store.brand_id, 9)
    assert told(session, store, style) == 0, "of fewer than ten nothing is said"
    liked_by(session, look, store.brand_id, 5)
    assert told(session, store, style) == 10
    later = clock.now() + timedelta(hours=1)
    assert likes_of(session, store, style, later) == 0, "a count that is old says nothing"
    for fan in fans[:5]:
        social.unlike(session, look, member=fan)
    assert told(session, store, style) == 0
    liked_by(session, look, store.brand_id, 5)
    who = {"member_id": stylist.id, "brand_id": store.brand_id, "now": clock.now()}
    consent.withdraw(session, purpose=PUBLIC_OUTFITS, **who)
    assert told(session, store, style) == 0


@both_databases
def test_who_likes_a_product_and_looks_with_it_is_one_person_and_every_page_says_one_number(
    session: Session,
) -> None:
    store = new_store(session)
    look, piece, _ = a_look(session, store)
    label = label_of(session, store, piece)
    both = liked_by(session, look, store.brand_id, 7)
    like_long_ago(session, label, *both)
    assert told(session, store, piece.style_id) == 0, "seven people twice are no ten"
    like_long_ago(session, label, *(new_member(session, store.brand_id) for _ in range(3)))
    assert told(session, store, piece.style_id) == 10
    (fed,) = queries.likes_of(session, store.brand_id, [label.gtin or ""], now=clock.now())
    assert fed.likes == 10


def seen(session: Session, style: str, viewer: MemberView) -> tuple[list[str], int]:
    found = among_friends.on_screen(session, style, viewer_id=viewer.id)
    return [one.first_name for one in found.named], found.others


@both_databases
def test_friends_are_named_where_they_agreed_counted_where_they_agreed_less_else_nothing(
    session: Session,
) -> None:
    store = new_store(session)
    look, piece, _ = a_look(session, store)
    style = piece.style_id
    viewer = new_member(session, store.brand_id)
    agreed = {
        "Priya": (LIKES_ON_SCREEN,),
        "Tom": (LIKES_ON_SCREEN, LIKES_TO_FRIENDS),
        "Ada": (LIKES_TO_FRIENDS,),
        "Uma": (),
    }
    people = {name: new_member(session, store.brand_id, display_name=name) for name in agreed}
    stranger = new_member(session, store.brand_id, display_name="Bob")
    give_consent(session, stranger, LIKES_ON_SCREEN)
    kim = new_member(session, store.brand_id, display_name="Kim")
    befriend(session, viewer, kim, *people.values())
    for name, member in people.items():
        give_consent(session, member, *agreed[name])
    for member in (*people.values(), stranger):
        social.like(session, look, member=member, now=clock.now())
    assert seen(session, style, viewer) == (["Priya", "Tom"], 0), "one who is not named is somebody"
    give_consent(session, people["Uma"], LIKES_TO_FRIENDS)
    assert seen(session, style, viewer) == (["Priya", "Tom"], 2)
    label = label_of(session, store, piece)
    like_long_ago(session, label, people["Priya"], people["Uma"], kim)
    assert seen(session, style, viewer) == (["Priya", "Tom"], 2), "on shelf pages is not on screens"
    give_consent(session, kim, PRODUCT_LIKES_TO_FRIENDS)
    assert seen(session, style, viewer) == (["Priya", "Tom"], 3)
    friends.block(session, people["Tom"].id, member=viewer, now=clock.now())
    who = {"member_id": people["Priya"].id, "brand_id": store.brand_id, "now": clock.now()}
    consent.withdraw(session, purpose=LIKES_ON_SCREEN, **who)
    assert seen(session, style, viewer) == ([], 3)
    assert seen(session, style, stranger) == ([], 0)
