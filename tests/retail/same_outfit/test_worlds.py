"""Worlds that differ in what a silent member has: the same answers, by the same statements."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.errors import Forbidden
from retail.accounts.queries import MemberView
from retail.consent.rules import SAME_OUTFIT
from retail.friends import service as friends
from retail.journeys.members.agree import take_back
from retail.journeys.occasions.same_outfit import ask_at_till
from retail.same_outfit import queries, service
from retail.same_outfit.models import SameOutfitQuestion
from retail.same_outfit.rules import piece_of
from tests.builders.accounts import give_consent
from tests.builders.friends import befriend
from tests.builders.outfits import bought, new_stylist
from tests.builders.same_outfit import Shop, ask, new_shop


def everything(session: Session, shop: Shop) -> str:
    """All that Sarah, or a till, can be told of the dress, asked anew, and by what statements."""
    session.flush()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        told = _everything(session, shop)
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    return f"{statements}: {told}"


def _everything(session: Session, shop: Shop) -> str:
    session.execute(delete(SameOutfitQuestion))
    given = {"member": shop.sarah, "store": shop.store, "now": core_clock.now()}
    said = ask_at_till(session, [shop.dress], **given)
    session.execute(delete(SameOutfitQuestion))
    try:
        ask(session, shop)
        refused = ""
    except Forbidden as error:
        refused = error.code
    today = queries.asked_today(session, shop.sarah, now=core_clock.now())
    own = queries.wearers(session, shop.sarah, {piece_of(shop.dress)})
    export = queries.export(session, shop.sarah.id)
    return repr((said, refused, today, own, export))


def never_agreed(session: Session, shop: Shop, decoy: MemberView) -> None:
    befriend(session, shop.sarah, decoy)


def took_back(session: Session, shop: Shop, decoy: MemberView) -> None:
    befriend(session, shop.sarah, decoy)
    give_consent(session, decoy, SAME_OUTFIT)
    take_back(session, SAME_OUTFIT, member=decoy, now=core_clock.now())


def is_no_friend(session: Session, shop: Shop, decoy: MemberView) -> None:
    give_consent(session, decoy, SAME_OUTFIT)


def blocked(session: Session, shop: Shop, decoy: MemberView) -> None:
    befriend(session, shop.sarah, decoy)
    give_consent(session, decoy, SAME_OUTFIT)
    friends.block(session, shop.sarah.id, member=decoy, now=core_clock.now())


def sarah_did_not_agree(session: Session, shop: Shop, decoy: MemberView) -> None:
    befriend(session, shop.sarah, decoy)
    give_consent(session, decoy, SAME_OUTFIT)
    take_back(session, SAME_OUTFIT, member=shop.sarah, now=core_clock.now())


DECOYS = (never_agreed, took_back, is_no_friend, blocked, sarah_did_not_agree)


@pytest.mark.parametrize("becomes", DECOYS)
@pytest.mark.parametrize("priya_has_it", [True, False])
def test_worlds_that_differ_in_what_a_silent_member_has_are_the_same_to_everybody(
    session: Session,
    clock: FixedClock,
    becomes: Callable[[Session, Shop, MemberView], None],
    priya_has_it: bool,
) -> None:
    shop = new_shop(session)
    if not priya_has_it:
        service.keep_quiet(session, piece_of(shop.dress), member=shop.priya, now=clock.now())
    decoy = new_stylist(session, shop.store.brand_id, display_name="Dee Coy")
    becomes(session, shop, decoy)
    without = everything(session, shop)
    bought(session, shop.store, decoy, [shop.dress])
    assert everything(session, shop) == without
    assert "Dee" not in without


def test_the_comparison_of_worlds_sees_a_friend_who_agreed(
    session: Session, clock: FixedClock
) -> None:
    """The control: where the other agreed, the worlds do differ."""
    shop = new_shop(session)
    service.keep_quiet(session, piece_of(shop.dress), member=shop.priya, now=clock.now())
    other = new_stylist(session, shop.store.brand_id, display_name="Ada Fan")
    befriend(session, shop.sarah, other)
    give_consent(session, other, SAME_OUTFIT)
    without = everything(session, shop)
    bought(session, shop.store, other, [shop.dress])
    assert everything(session, shop) != without
