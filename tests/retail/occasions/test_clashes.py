"""Who plans to wear the same: told to both who agreed, once; and twins who both say so."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import NotFound
from jobs.reactions import REACTIONS
from retail.accounts.queries import MemberView
from retail.consent.rules import OCCASIONS_NEWS, SAME_OCCASION
from retail.friends import service as friends
from retail.journeys.members.agree import agree, take_back
from retail.journeys.occasions.tell_of_occasions import (
    CLASHES_JOB,
    tell_of_clashes,
    tell_of_twins,
)
from retail.occasions import queries, rules, service
from retail.occasions.events import PlanChanged
from retail.same_outfit import service as same_outfit
from retail.same_outfit.rules import piece_of
from tests.builders.accounts import give_consent
from tests.builders.friends import befriend
from tests.builders.occasions import clashes, inbox, plan, same_plans
from tests.builders.outfits import bought, new_stylist
from tests.builders.same_outfit import Shop, another


def test_both_hear_once_that_they_plan_the_same(session: Session, clock: FixedClock) -> None:
    shop, _occasion = same_plans(session)
    assert CLASHES_JOB in REACTIONS[PlanChanged]
    assert tell_of_clashes(session, shop.sarah.id, now=clock.now()) == 2
    assert tell_of_clashes(session, shop.priya.id, now=clock.now()) == 0
    assert inbox(session, shop.sarah) == ["Snap! Priya S. plans the Wren dress too"]
    assert inbox(session, shop.priya) == ["Snap! Sarah L. plans the Wren dress too"]


def test_a_note_says_nothing_once_either_swapped_or_took_it_back(
    session: Session, clock: FixedClock
) -> None:
    shop, occasion = same_plans(session)
    tell_of_clashes(session, shop.sarah.id, now=clock.now())
    take_back(session, SAME_OCCASION, member=shop.priya, now=clock.now())
    assert (inbox(session, shop.sarah), inbox(session, shop.priya)) == ([], [])
    agree(session, SAME_OCCASION, member=shop.priya, now=clock.now())
    assert len(inbox(session, shop.sarah)) == 1
    service.unplan(session, occasion, piece_of(shop.dress), member=shop.sarah)
    assert (inbox(session, shop.sarah), inbox(session, shop.priya)) == ([], [])


def test_twins_are_two_who_both_say_so_and_either_may_undo(
    session: Session, clock: FixedClock
) -> None:
    shop, occasion = same_plans(session)
    piece, about = piece_of(shop.dress), {"now": clock.now()}

    def twin(one: MemberView, other: MemberView) -> bool:
        return service.wish_to_twin(session, occasion, other.id, piece, member=one, **about)

    assert not twin(shop.sarah, shop.priya)
    assert tell_of_twins(session, occasion, shop.sarah.id, shop.priya.id, **about) == 0
    assert [one.is_wished for one in clashes(session, shop.priya)] == [True]
    assert twin(shop.priya, shop.sarah)
    assert tell_of_twins(session, occasion, shop.priya.id, shop.sarah.id, **about) == 2
    assert inbox(session, shop.sarah) == ["Priya S. and you are twins"]
    service.undo_wish(session, occasion, shop.priya.id, piece, member=shop.sarah)
    assert [one.are_twins for one in clashes(session, shop.priya)] == [False]
    assert inbox(session, shop.priya) == []
    twin(shop.sarah, shop.priya)
    service.unplan(session, occasion, piece, member=shop.sarah)
    with pytest.raises(NotFound):
        twin(shop.priya, shop.sarah)


def never_agreed(session: Session, shop: Shop, occasion: str, now: datetime) -> None:
    take_back(session, SAME_OCCASION, member=shop.priya, now=now)


def reader_never_agreed(session: Session, shop: Shop, occasion: str, now: datetime) -> None:
    take_back(session, SAME_OCCASION, member=shop.sarah, now=now)


def parted(session: Session, shop: Shop, occasion: str, now: datetime) -> None:
    friends.end(session, shop.priya.id, member=shop.sarah)


def kept_quiet(session: Session, shop: Shop, occasion: str, now: datetime) -> None:
    same_outfit.keep_quiet(session, piece_of(shop.dress), member=shop.priya, now=now)


@pytest.mark.parametrize("silent", [never_agreed, reader_never_agreed, parted, kept_quiet])
def test_worlds_that_differ_in_what_a_silent_friend_plans_are_the_same(
    session: Session, clock: FixedClock, silent: Callable[..., None]
) -> None:
    shop, occasion = same_plans(session)
    silent(session, shop, occasion, clock.now())

    def everything() -> str:
        seen = queries.get_occasion(session, occasion, viewer=shop.sarah, now=clock.now())
        told = tell_of_clashes(session, shop.sarah.id, now=clock.now())
        guests = queries.guests_of(session, occasion, host_id=shop.sarah.id)
        export = queries.export(session, shop.sarah.id)
        found = (seen, told, guests, export, clashes(session, shop.sarah))
        with pytest.raises(NotFound) as refused:
            service.wish_to_twin(
                session,
                occasion,
                shop.priya.id,
                piece_of(shop.dress),
                member=shop.sarah,
                now=clock.now(),
            )
        return repr((found, str(refused.value), inbox(session, shop.sarah)))

    with_plan = everything()
    service._drop_plans(session, occasion, shop.priya.id)
    assert everything() == with_plan


def test_friends_of_the_maker_who_are_strangers_hear_nothing_of_each_other(
    session: Session, clock: FixedClock
) -> None:
    shop, occasion = same_plans(session)
    other = new_stylist(session, shop.store.brand_id)
    befriend(session, shop.sarah, other)
    give_consent(session, other, SAME_OCCASION)
    bought(session, shop.store, other, [shop.dress])
    service.invite(session, occasion, [other.id], member=shop.sarah, now=clock.now())
    service.answer(session, occasion, rules.ACCEPTED, member=other, now=clock.now())
    plan(session, occasion, other, shop.dress)
    assert {one.friend.id for one in clashes(session, shop.sarah)} == {shop.priya.id, other.id}
    assert {one.friend.id for one in clashes(session, other)} == {shop.sarah.id}


def test_another_colour_is_another_piece_and_what_is_over_clashes_no_more(
    session: Session, clock: FixedClock
) -> None:
    shop, occasion = same_plans(session)
    service.unplan(session, occasion, piece_of(shop.dress), member=shop.priya)
    sand = another(session, shop.store, shop.style, "Sand")
    bought(session, shop.store, shop.priya, [sand])
    plan(session, occasion, shop.priya, sand)
    assert clashes(session, shop.sarah) == []
    plan(session, occasion, shop.priya, shop.dress)
    assert len(clashes(session, shop.sarah)) == 1
    clock.advance(days=30)
    assert clashes(session, shop.sarah) == []


def test_news_of_occasions_start_on_in_the_app_alone_and_can_be_turned_off(
    session: Session, clock: FixedClock
) -> None:
    shop, _occasion = same_plans(session)
    take_back(session, OCCASIONS_NEWS, member=shop.priya, now=clock.now())
    assert tell_of_clashes(session, shop.sarah.id, now=clock.now()) == 1
    assert inbox(session, shop.priya) == []
