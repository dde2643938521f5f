"""Whether a friend has it: named where both agreed, and nothing to tell anybody else by."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Forbidden, NotFound, TooMany
from retail.consent.rules import SAME_OUTFIT
from retail.friends import service as friends
from retail.journeys.members.agree import agree, take_back
from retail.journeys.members.correct_birth_date import correct_birth_date
from retail.journeys.members.erase_member import erase_member
from retail.journeys.occasions.same_outfit import ask_at_shelf, ask_at_till, instead
from retail.journeys.sales.refund import record_refund
from retail.receipts.returns import ReturnInput
from retail.same_outfit import queries, rules, service
from retail.same_outfit.rules import piece_of
from retail.visits import service as visits
from tests.builders.accounts import give_consent, new_member
from tests.builders.catalogue import new_style, new_variant
from tests.builders.friends import befriend
from tests.builders.outfits import bought, new_stylist
from tests.builders.receipts import till_of
from tests.builders.same_outfit import another, ask, named, new_shop
from tests.conftest import KEY


def test_a_friend_who_agreed_is_named_to_one_who_agreed(
    session: Session, clock: FixedClock
) -> None:
    assert ask(session, new_shop(session)) == "Priya S."


def test_other_sizes_of_the_piece_are_the_same_and_other_colours_are_not(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    smaller = another(session, shop.store, shop.style, "Green", size="8")
    sand = another(session, shop.store, shop.style, "Sand")
    who = queries.wearers(session, shop.sarah, {piece_of(smaller), piece_of(sand)})
    assert {piece: friend.name for piece, friend in who.items()} == {piece_of(smaller): "Priya S."}


@pytest.mark.parametrize("one", ["sarah", "priya"])
def test_one_side_is_not_enough(session: Session, clock: FixedClock, one: str) -> None:
    shop = new_shop(session)
    take_back(session, SAME_OUTFIT, member=getattr(shop, one), now=clock.now())
    piece = piece_of(shop.dress)
    assert queries.wearers(session, shop.sarah, {piece}) == {}
    assert queries.wearers(session, shop.priya, {piece}) == {}


def test_who_takes_it_back_is_named_no_more_that_day(session: Session, clock: FixedClock) -> None:
    shop = new_shop(session)
    assert ask(session, shop) == "Priya S."
    take_back(session, SAME_OUTFIT, member=shop.priya, now=clock.now())
    assert named(session, shop) is None


def test_an_answer_holds_for_the_day_whoever_is_befriended_or_parted_with(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    other = new_stylist(session, shop.store.brand_id, display_name="Ada Fan")
    give_consent(session, other, SAME_OUTFIT)
    bought(session, shop.store, other, [shop.dress])
    assert ask(session, shop) == "Priya S."
    befriend(session, shop.sarah, other)
    friends.end(session, shop.priya.id, member=shop.sarah)
    assert ask(session, shop) is None
    clock.advance(days=1)
    visits.check_in(session, shop.store, member=shop.sarah, now=clock.now())
    assert ask(session, shop) == "Ada F."


def test_the_oldest_friend_is_named_and_nobody_is_counted(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    for name in ("Ada Fan", "Ola Bee"):
        clock.advance(seconds=1)
        other = new_stylist(session, shop.store.brand_id, display_name=name)
        give_consent(session, other, SAME_OUTFIT)
        befriend(session, shop.sarah, other)
        bought(session, shop.store, other, [shop.dress])
    assert ask(session, shop) == "Priya S."


def test_asking_takes_a_check_in_of_today_and_an_agreement(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    clock.advance(days=1)
    with pytest.raises(Forbidden) as refused:
        ask(session, shop)
    assert refused.value.code == "not_checked_in"
    visits.check_in(session, shop.store, member=shop.sarah, now=clock.now())
    take_back(session, SAME_OUTFIT, member=shop.sarah, now=clock.now())
    with pytest.raises(Forbidden) as refused:
        ask(session, shop)
    assert refused.value.code == "not_agreed"
    with pytest.raises(NotFound):
        ask_at_shelf(session, "09520000000004", member=shop.sarah, now=clock.now())


def test_nobody_asks_about_more_than_a_dozen_pieces_a_day(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    brand_id = shop.store.brand_id
    pieces = [new_variant(session, brand_id=brand_id) for _ in range(rules.ASKED_A_DAY)]
    for piece in pieces:
        ask_at_shelf(session, piece.gtin or "", member=shop.sarah, now=clock.now())
    with pytest.raises(TooMany):
        ask(session, shop)
    ask_at_shelf(session, pieces[0].gtin or "", member=shop.sarah, now=clock.now())
    # A till says nothing of it: what else there is, is said all the same.
    given = {"member": shop.sarah, "store": shop.store, "now": clock.now()}
    assert len(ask_at_till(session, [shop.dress], **given)) == 1
    assert named(session, shop) is None


def test_what_is_returned_given_away_or_kept_quiet_is_named_to_nobody(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    piece = piece_of(shop.dress)
    service.keep_quiet(session, piece, member=shop.priya, now=clock.now())
    assert queries.wearers(session, shop.sarah, {piece}) == {}
    service.let_speak(session, piece, member=shop.priya)
    assert set(queries.wearers(session, shop.sarah, {piece})) == {piece}
    present = another(session, shop.store, shop.style, "Red")
    bought(session, shop.store, shop.priya, [present], is_gift=True)
    tights = new_style(
        session, brand_id=shop.store.brand_id, category_code="tights", is_never_shareable=True
    )
    private = another(session, shop.store, tights, "Nude")
    bought(session, shop.store, shop.priya, [private])
    back = another(session, shop.store, shop.style, "Plum")
    receipt = bought(session, shop.store, shop.priya, [back])
    record_refund(
        session,
        key=till_of(shop.store),
        receipt_id=receipt.id,
        given=ReturnInput("B-1", clock.now()),
        now=clock.now(),
    )
    never = {piece_of(one) for one in (present, private, back)}
    assert queries.wearers(session, shop.sarah, never) == {}


def test_minors_cannot_agree_and_who_turns_out_to_be_one_is_named_no_more(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    child = new_member(session, shop.store.brand_id, birth_on=date(2012, 1, 1))
    with pytest.raises(Forbidden):
        agree(session, SAME_OUTFIT, member=child, now=clock.now())
    assert ask(session, shop) == "Priya S."
    born, about = date(2012, 1, 1), {"member": shop.priya, "now": clock.now()}
    correct_birth_date(session, **about, birth_on=born, minimum_age=18)
    assert named(session, shop) is None


def test_other_colours_come_first_then_styles_near_in_price_in_the_size(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    brand_id = shop.store.brand_id
    sand = another(session, shop.store, shop.style, "Sand")
    another(session, shop.store, shop.style, "Sand", size="8")
    near, far = (
        new_style(session, brand_id=brand_id, name=name, category_code="dresses")
        for name in ("Near", "Far")
    )
    far_one = another(session, shop.store, far, "Green", price_minor=90_000)
    near_one = another(session, shop.store, near, "Green", price_minor=19_000)
    another(session, shop.store, new_style(session, brand_id=brand_id), "Green")
    given = {"member": shop.sarah, "store": shop.store}
    found = instead(session, shop.dress, **given, now=clock.now())
    assert found == rules.Instead((sand,), (near_one, far_one))
    # A feed that stands still promises nothing.
    later = clock.now() + timedelta(minutes=5)
    assert instead(session, shop.dress, **given, now=later) == rules.Instead((), ())


def test_erasing_leaves_nothing_and_the_export_names_nobody(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    ask(session, shop)
    service.keep_quiet(session, piece_of(shop.dress), member=shop.priya, now=clock.now())
    assert "Priya" not in repr(queries.export(session, shop.sarah.id))
    told = queries.export(session, shop.priya.id)
    assert (told["times_named_to_friends"], len(told["kept_quiet"])) == (1, 1)
    erase_member(session, member=shop.priya, now=clock.now(), key=KEY)
    assert queries.export(session, shop.priya.id)["times_named_to_friends"] == 0
    assert named(session, shop) is None
    clock.advance(days=16)
    service.forget_old(session, now=clock.now())
    assert queries.export(session, shop.sarah.id)["asked"] == []
