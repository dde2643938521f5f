"""Occasions: who is asked, what they plan, and what is refused."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound
from retail.friends import service as friends
from retail.journeys.members.erase_member import erase_member
from retail.journeys.occasions.plan_outfit import plan_outfit
from retail.journeys.occasions.tell_of_occasions import (
    tell_of_clashes,
    tell_of_invitation,
)
from retail.occasions import queries, rules, service
from retail.outfits import queries as outfits
from retail.same_outfit.rules import piece_of
from tests.builders.accounts import new_member
from tests.builders.catalogue import new_variant
from tests.builders.friends import befriend
from tests.builders.occasions import clashes, inbox, new_occasion, plan, same_plans, wish
from tests.builders.outfits import bought, new_draft, new_stylist
from tests.builders.same_outfit import new_shop
from tests.conftest import KEY


def test_an_occasion_is_seen_by_its_maker_and_the_friends_who_were_asked(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    stranger = new_member(session, shop.store.brand_id)
    occasion = new_occasion(session, shop.sarah)
    service.invite(session, occasion, [shop.priya.id], member=shop.sarah, now=clock.now())
    mine = queries.get_occasion(session, occasion, viewer=shop.sarah, now=clock.now())
    hers = queries.get_occasion(session, occasion, viewer=shop.priya, now=clock.now())
    assert (mine.starts_at, mine.is_own) == (datetime(2026, 12, 5, 19, tzinfo=UTC), True)
    assert (hers.host_name, hers.answer) == ("Sarah L.", "invited")
    with pytest.raises(NotFound):
        queries.get_occasion(session, occasion, viewer=stranger, now=clock.now())
    with pytest.raises(NotFound):
        service.invite(session, occasion, [stranger.id], member=shop.sarah, now=clock.now())
    for write in (
        lambda: service.remove(session, occasion, member=shop.priya),
        lambda: service.edit(session, occasion, wish(), member=shop.priya),
        lambda: service.uninvite(session, occasion, shop.sarah.id, member=shop.priya),
    ):
        with pytest.raises(NotFound):
            write()


def test_blocking_takes_it_from_both_sides_at_once_and_silently(
    session: Session, clock: FixedClock
) -> None:
    shop, occasion = same_plans(session)
    friends.block(session, shop.sarah.id, member=shop.priya, now=clock.now())
    with pytest.raises(NotFound) as kept_apart:
        queries.get_occasion(session, occasion, viewer=shop.priya, now=clock.now())
    with pytest.raises(NotFound) as absent:
        queries.get_occasion(session, "0" * 26, viewer=shop.priya, now=clock.now())
    assert str(kept_apart.value) == str(absent.value)
    assert queries.guests_of(session, occasion, host_id=shop.sarah.id) == []
    assert (clashes(session, shop.sarah), clashes(session, shop.priya)) == ([], [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " \u200b "}, "title"),
        ({"title": "x" * 81}, "title"),
        ({"place": "x" * 121}, "place"),
        ({"title": "a" + "\u0301" * 9}, "title"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"on": date(1999, 1, 1)}, "on"),
        ({"on": date.max}, "on"),
        ({"on": date.min, "at": None}, "on"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    session: Session, clock: FixedClock, wrong: dict[str, object], field: str
) -> None:
    member = new_shop(session).sarah
    with pytest.raises(Invalid) as refused:
        service.make(session, wish(**wrong), member=member, now=clock.now())
    assert list(refused.value.data["fields"]) == [field]


def test_times_are_those_of_the_occasion_s_own_clocks() -> None:
    summer = rules.times_of(wish(on=date(2026, 7, 1), at=time(19), zone="America/New_York"))
    assert summer.starts_at == datetime(2026, 7, 1, 23, tzinfo=UTC)
    # At two in the morning of 28 March 2027 clocks in Berlin jump to three.
    skipped = rules.times_of(wish(on=date(2027, 3, 28), at=time(2, 30), zone="Europe/Berlin"))
    assert skipped.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    day = rules.times_of(wish(at=None))
    assert (day.is_all_day, day.over_at - day.starts_at) == (True, timedelta(days=1))


def test_what_is_to_come_and_what_is_over_come_in_pages(
    session: Session, clock: FixedClock
) -> None:
    member = new_shop(session).sarah
    for day in (9, 7, 8):
        new_occasion(session, member, title=f"The {day}th", on=date(2026, 12, day))
    ask = {"now": clock.now(), "limit": 2}
    first = queries.occasions_of(session, member.id, **ask)
    rest = queries.occasions_of(session, member.id, after=first.next_after, **ask)
    titles = [one.title for page in (first, rest) for one in page.occasions]
    assert titles == ["The 7th", "The 8th", "The 9th"]
    assert rest.next_after is None
    clock.advance(days=60)
    past = {"now": clock.now(), "is_past": True, "limit": 2}
    last = queries.occasions_of(session, member.id, **past)
    older = queries.occasions_of(session, member.id, after=last.next_after, **past)
    titles = [one.title for page in (last, older) for one in page.occasions]
    assert titles == ["The 9th", "The 8th", "The 7th"]


def test_there_is_an_end_to_occasions_guests_and_pieces(
    session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, occasion = same_plans(session)
    for limit in ("MOST_OCCASIONS", "MOST_GUESTS", "MOST_PIECES"):
        monkeypatch.setattr(rules, limit, 1)
    other = new_stylist(session, shop.store.brand_id)
    befriend(session, shop.sarah, other)
    more = new_variant(session, brand_id=shop.store.brand_id)
    bought(session, shop.store, shop.sarah, [more])
    for beyond in (
        lambda: new_occasion(session, shop.sarah),
        lambda: service.invite(session, occasion, [other.id], member=shop.sarah, now=clock.now()),
        lambda: plan(session, occasion, shop.sarah, more),
    ):
        with pytest.raises(Conflict):
            beyond()
    plan(session, occasion, shop.sarah, shop.dress)


def test_plans_are_of_what_one_has_and_a_look_brings_its_pieces(
    session: Session, clock: FixedClock
) -> None:
    shop = new_shop(session)
    occasion = new_occasion(session, shop.sarah)
    with pytest.raises(Invalid):
        plan(session, occasion, shop.sarah, shop.dress)
    look = new_draft(session, shop.store, shop.sarah)
    about = {"member": shop.sarah, "now": clock.now()}
    plan_outfit(session, occasion, variant_ids=[], outfit_id=look, **about)
    pieces = outfits.get_own(session, look, member_id=shop.sarah.id).pieces
    planned = {one.id for one in queries.plan_of(session, occasion, shop.sarah)}
    assert planned == {piece.variant_id for piece in pieces}
    others = new_draft(session, shop.store, shop.priya)
    with pytest.raises(NotFound):
        plan_outfit(session, occasion, variant_ids=[], outfit_id=others, **about)


def test_who_declines_or_leaves_plans_nothing_there(session: Session, clock: FixedClock) -> None:
    shop, occasion = same_plans(session)
    assert len(clashes(session, shop.sarah)) == 1
    service.answer(session, occasion, rules.DECLINED, member=shop.priya, now=clock.now())
    assert clashes(session, shop.sarah) == []
    with pytest.raises(NotFound):
        plan(session, occasion, shop.priya, shop.dress)
    service.answer(session, occasion, rules.ACCEPTED, member=shop.priya, now=clock.now())
    assert queries.plan_of(session, occasion, shop.priya) == []
    with pytest.raises(NotFound):
        service.answer(session, occasion, rules.DECLINED, member=shop.sarah, now=clock.now())


def test_an_invitation_is_told_until_it_is_answered(session: Session, clock: FixedClock) -> None:
    shop = new_shop(session)
    occasion = new_occasion(session, shop.sarah)
    service.invite(session, occasion, [shop.priya.id], member=shop.sarah, now=clock.now())
    assert tell_of_invitation(session, occasion, shop.priya.id, now=clock.now())
    assert not tell_of_invitation(session, occasion, shop.priya.id, now=clock.now())
    assert inbox(session, shop.priya) == ["Sarah L. asks you to come"]
    service.answer(session, occasion, rules.ACCEPTED, member=shop.priya, now=clock.now())
    assert inbox(session, shop.priya) == []


def test_erasing_takes_all_of_it_and_the_export_has_one_s_own(
    session: Session, clock: FixedClock
) -> None:
    shop, occasion = same_plans(session)
    tell_of_clashes(session, shop.sarah.id, now=clock.now())
    piece, about = piece_of(shop.dress), {"now": clock.now()}
    service.wish_to_twin(session, occasion, shop.priya.id, piece, member=shop.sarah, **about)
    mine = queries.export(session, shop.sarah.id)
    assert [one["title"] for one in mine["occasions"]] == ["Tom’s party"]
    assert (len(mine["planned"]), len(mine["twin_wishes"]), len(mine["answers"])) == (1, 1, 1)
    erase_member(session, member=shop.sarah, now=clock.now(), key=KEY)
    empty = {"occasions": [], "answers": [], "planned": [], "twin_wishes": []}
    assert queries.export(session, shop.sarah.id) == empty
    assert queries.export(session, shop.priya.id) == empty
    assert inbox(session, shop.priya) == []
