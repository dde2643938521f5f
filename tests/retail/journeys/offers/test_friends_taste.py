"""Offers that follow from what a friend likes, and what is said only where events prove it."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.catalogue import queries as catalogue
from retail.catalogue.queries import VariantView
from retail.consent import service as consent
from retail.consent.rules import FRIEND_OFFERS, LIKE_OFFERS
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.offers.wording import why
from retail.outfits import service as outfits
from retail.social import service as social
from tests.builders.accounts import give_consent
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.offers import PLAIN, Boutique, facts, new_boutique
from tests.builders.outfits import bought, new_stylist
from tests.conftest import both_databases

SENTENCE = "Your friend Nina bought it too, and likes a look with Silk bag."
Change = Any


def show(session: Session, shop: Boutique, member: MemberView, *variants: VariantView) -> str:
    """A look of the member's that everyone may see."""
    receipt = bought(session, shop.store, member, variants)
    look = lay_out(session, receipt.id, member=member, now=clock.now())
    publish(session, look, member=member, audience="everyone", now=clock.now())
    return look


def likes_a_bag(
    session: Session, *, is_sensitive: bool = False
) -> tuple[Boutique, str, MemberView]:
    """Nina, who has the dress, likes a stranger's look with a bag that nobody of them has."""
    shop = new_boutique(session)
    shop.sell_out(session)
    brand_id = shop.store.brand_id
    style = new_style(
        session,
        brand_id=brand_id,
        name="Silk bag",
        drawing="tote",
        category_code="bags",
        is_never_shareable=is_sensitive,
    )
    bag = new_variant(session, brand_id=brand_id, style=style, size="")
    belt = new_variant(session, brand_id=brand_id, size="")
    new_stock(session, brand_id=brand_id, store_id=shop.store.id, variant_id=bag.id, on_hand=9)
    stylist = new_stylist(session, brand_id)
    look = show(session, shop, stylist, bag, belt)
    social.like(session, look, member=shop.nina, now=clock.now())
    give_consent(session, shop.nina, LIKE_OFFERS)
    return shop, look, stylist


@both_databases
def test_what_a_friend_likes_leads_to_an_offer_that_says_so_and_no_more(db: Database) -> None:
    with db.write() as session:
        shop, _, _ = likes_a_bag(session)
        offer = shop.made(session)
        said = facts(session, offer)
    assert (offer.kind, offer.friend_id) == ("friend", shop.nina.id)
    assert why(said, PLAIN) == SENTENCE
    assert (
        why(replace(said, has_anchor=False), PLAIN)
        == "Your friend Nina likes a look with Silk bag."
    )
    [question] = shop.ranker.asked
    assert {had.kind for had in question.friends[shop.nina.id]} == {"purchase", "like"}


def _takes_the_likes_back(session: Session, shop: Boutique, look: str, _: MemberView) -> None:
    _withdraw(session, shop.nina, LIKE_OFFERS)


def _agreed_to_likes_alone(session: Session, shop: Boutique, look: str, _: MemberView) -> None:
    _withdraw(session, shop.nina, FRIEND_OFFERS)


def _likes_it_no_more(session: Session, shop: Boutique, look: str, _: MemberView) -> None:
    social.unlike(session, look, member=shop.nina)


def _the_look_is_put_away(session: Session, shop: Boutique, look: str, stylist: MemberView) -> None:
    outfits.put_away(session, look, member_id=stylist.id, now=clock.now())


def _withdraw(session: Session, member: MemberView, purpose: str) -> None:
    given = {"member_id": member.id, "brand_id": member.brand_id, "purpose": purpose}
    consent.withdraw(session, **given, now=clock.now())


@pytest.mark.parametrize(
    "change",
    [_takes_the_likes_back, _agreed_to_likes_alone, _likes_it_no_more, _the_look_is_put_away],
)
def test_a_like_that_may_not_be_used_leads_to_nothing_and_is_said_no_more(
    db: Database, change: Change
) -> None:
    with db.write() as session:
        shop, look, stylist = likes_a_bag(session)
        offer = shop.made(session)
        change(session, shop, look, stylist)
        said = facts(session, offer)
        assert (said.friend, said.likes, said.a_friend) == ("", False, False)
        assert "Nina" not in why(said, PLAIN)
    with db.write() as session:
        shop, look, stylist = likes_a_bag(session)
        change(session, shop, look, stylist)
        assert shop.offer(session) is None


def test_a_like_stands_on_paper_only_where_that_was_agreed_to(db: Database) -> None:
    with db.write() as session:
        shop, _, _ = likes_a_bag(session)
        offer = shop.made(session)
        given = {"member_id": shop.nina.id, "brand_id": shop.store.brand_id}
        consent.withdraw(session, **given, purpose=LIKE_OFFERS, channel="print", now=clock.now())
        assert facts(session, offer, "print").friend == ""
        assert facts(session, offer, "web").friend == "Nina"


def test_what_is_never_shared_is_on_no_offer_because_somebody_likes_it(db: Database) -> None:
    with db.write() as session:
        shop, _, _ = likes_a_bag(session, is_sensitive=True)
        assert shop.offer(session) is None
        question = shop.ranker.asked[-1]
        heard = {had.style_id for had in question.friends[shop.nina.id] if had.kind == "like"}
        names = {catalogue.get_style(session, shop.store.brand_id, one).name for one in heard}
    assert names == {"Harbour trench"}


def test_a_friend_thinks_that_it_goes_with_it_only_where_a_look_of_theirs_shows_both(
    db: Database,
) -> None:
    with db.write() as session:
        shop = new_boutique(session)
        offer = shop.made(session)
        bought_both = why(facts(session, offer), PLAIN)
        give_consent(session, shop.nina, "public_outfits")
        look = show(session, shop, shop.nina, shop.dress, shop.shoes)
        laid_out = why(facts(session, offer), PLAIN)
        on_paper = why(facts(session, offer, "print"), PLAIN)
        outfits.put_away(session, look, member_id=shop.nina.id, now=clock.now())
        put_away = why(facts(session, offer), PLAIN)
    assert bought_both == "Your friend Nina bought it too, and has Pilar boots as well."
    assert laid_out == "Your friend Nina bought it too, and thinks it goes with Pilar boots."
    assert on_paper == put_away == bought_both
