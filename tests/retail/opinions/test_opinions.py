"""Friends say what they think; who may ask whom, who sees what, and when it is gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Conflict, Invalid, NotFound
from core.outbox import Event
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.fitting_rooms import links
from retail.fitting_rooms import queries as rooms
from retail.friends import service as friends
from retail.journeys.floor.tell_of_opinions import tell_of_opinion
from retail.note_page.queries import inbox
from retail.opinions import queries, rules, service
from retail.opinions.models import OpinionAdviser, OpinionPicture, OpinionPiece, OpinionRequest
from retail.opinions.rules import Wish
from retail.sent_pieces import service as sent_pieces
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.floor import linked
from tests.builders.friends import befriend
from tests.builders.opinions import answers_to, new_opinion, say
from tests.builders.outfits import new_outfit
from tests.conftest import KEY

TABLES = (OpinionRequest, OpinionPiece, OpinionAdviser, OpinionPicture)


@pytest.fixture
def store(session: Session) -> StoreView:
    return new_store(session)


@pytest.fixture
def people(session: Session, store: StoreView) -> list[MemberView]:
    """Sarah with her friends Priya, Tom and Ida."""
    names = ("Sarah Lewis", "Priya Nair", "Tom Webb", "Ida Moss")
    made = [new_member(session, store.brand_id, display_name=name) for name in names]
    befriend(session, made[0], *made[1:])
    return made


def rows(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(one)) or 0 for one in TABLES]


def ask(session: Session, member: MemberView, clock: FixedClock, **wish: Any) -> str:
    return service.ask(session, Wish(**wish), member=member, now=clock.now(), key=KEY)


def test_of_two_answers_of_one_friend_the_last_counts(
    session: Session, people: list[MemberView]
) -> None:
    sarah, priya, tom, _ = people
    asked = new_opinion(session, sarah, priya, tom)
    for choice in ("yes", "no"):
        say(session, asked, priya, choice)
    assert answers_to(session, asked, sarah) == [("Priya", "no")]


def test_a_look_is_asked_about_as_a_whole(
    session: Session, store: StoreView, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, *_ = people
    look = new_outfit(session, store, member=sarah, audience="only_me")
    asked = ask(session, sarah, clock, friend_ids=(priya.id,), outfit_id=look)
    seen = queries.find_asked(session, asked, viewer=priya, now=clock.now())
    assert seen is not None
    assert seen.pieces
    assert seen.choices == (rules.YES, rules.NO)
    with pytest.raises(NotFound):
        ask(session, priya, clock, friend_ids=(sarah.id,), outfit_id=look)


def test_what_cannot_be_asked_is_refused(
    session: Session, store: StoreView, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, *_ = people
    stranger = new_member(session, store.brand_id)
    with pytest.raises(NotFound):
        ask(session, sarah, clock, friend_ids=(stranger.id,), picture=b"p")
    for wish in (
        {"friend_ids": (priya.id,)},
        {"friend_ids": (), "picture": b"p"},
        {"friend_ids": tuple(str(n) for n in range(9)), "picture": b"p"},
        {"friend_ids": (priya.id,), "variant_ids": ("not in a room",)},
        {"friend_ids": (priya.id,), "variant_ids": ("v",), "picture": b"p"},
    ):
        with pytest.raises(Invalid):
            ask(session, sarah, clock, **wish)
    for _ in range(rules.MOST_OPEN):
        new_opinion(session, sarah, priya)
    with pytest.raises(Conflict):
        new_opinion(session, sarah, priya)


def test_it_is_gone_with_its_picture_after_a_day_and_at_once_when_taken_back(
    session: Session, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, *_ = people
    taken, left = (new_opinion(session, sarah, priya) for _ in range(2))
    with pytest.raises(NotFound):
        service.take_back(session, taken, member=priya)
    service.take_back(session, taken, member=sarah)
    service.end_due(session, left, now=clock.now())
    assert rows(session) == [1, 0, 1, 1], "not due yet"
    clock.advance(hours=24)
    with pytest.raises(NotFound):
        say(session, left, priya, "yes")
    who = {"viewer_id": sarah.id, "now": clock.now(), "key": KEY}
    with pytest.raises(NotFound):
        queries.picture_for(session, left, **who)
    service.end_due(session, left, now=clock.now())
    assert rows(session) == [0, 0, 0, 0]


def test_the_picture_lies_sealed(session: Session, people: list[MemberView]) -> None:
    new_opinion(session, *people[:2])
    (sealed,) = session.scalars(select(OpinionPicture.sealed))
    assert b"JFIF" not in sealed


def test_who_parted_mutes_or_was_not_asked_neither_sees_nor_answers(
    session: Session, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom, ida = people
    asked, now = new_opinion(session, sarah, priya, tom), clock.now()
    say(session, asked, priya, "yes")
    friends.block(session, sarah.id, member=priya, now=now)
    sent_pieces.mute(session, sarah.id, member=tom, now=now)
    assert answers_to(session, asked, sarah) == [], "what stood there went with the friendship"
    service.part(session, *sorted((sarah.id, priya.id)))
    seen = queries.get_own(session, asked, member_id=sarah.id, now=now)
    assert seen.waiting == ("Tom W.",), "and whoever mutes is not told from who is silent"
    for other in (priya, tom, ida):
        assert queries.find_asked(session, asked, viewer=other, now=now) is None
        with pytest.raises(NotFound):
            say(session, asked, other, "yes")
        with pytest.raises(NotFound):
            queries.picture_for(session, asked, viewer_id=other.id, now=now, key=KEY)


def test_a_friend_is_told_once_and_not_what_is_over(
    session: Session, store: StoreView, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom, _ = people
    sent_pieces.mute(session, sarah.id, member=tom, now=clock.now())
    asked = new_opinion(session, sarah, priya, tom, words="This?")
    for _ in range(2):
        tell_of_opinion(session, asked, now=clock.now())
    brand = store_brand(session, store)
    (told,) = inbox(session, priya.id, brand)
    assert (told.facts.name, told.facts.title) == ("Sarah L.", "This?")
    assert inbox(session, tom.id, brand) == []
    service.take_back(session, asked, member=sarah)
    assert inbox(session, priya.id, brand) == []
    tell_of_opinion(session, asked, now=clock.now())


def test_from_a_room_it_is_over_with_the_link_and_leaves_no_rows(
    session: Session, store: StoreView, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, *_ = people
    room = linked(session, store, sarah)
    link = links.link_of(session, sarah.id)
    assert link is not None
    (piece, *_) = [one for one in rooms.variants_in(session, room.id) if one]
    asked = ask(session, sarah, clock, friend_ids=(priya.id,), variant_ids=(piece,))
    service.end_of_link(session, link.id)
    assert queries.find_asked(session, asked, viewer=priya, now=clock.now())
    links.unlink_member(session, sarah.id)
    assert queries.find_asked(session, asked, viewer=priya, now=clock.now()) is None
    with pytest.raises(NotFound):
        say(session, asked, priya, "yes")
    service.end_of_link(session, link.id)
    assert rows(session) == [0, 0, 0, 0]


def test_a_screen_names_who_agreed_and_counts_others_from_two_up(
    session: Session, store: StoreView, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom, ida = people
    linked(session, store, sarah)
    link = links.link_of(session, sarah.id)
    assert link is not None
    asked = new_opinion(session, sarah, priya, tom, ida)
    say(session, asked, priya, "yes", "The camel.")
    quiet = {"reply": "", "on_screen": False, "now": clock.now()}
    service.answer(session, asked, choice="no", member=tom, **quiet)

    def shown() -> tuple[list[str], int, dict[str, int]]:
        seen = queries.on_screen(session, link.id, now=clock.now())
        assert seen is not None
        return [one.first_name for one in seen.answers], seen.others, seen.tally

    assert shown() == (["Priya"], 0, {"yes": 1, "no": 0})
    service.answer(session, asked, choice="no", member=ida, **quiet)
    assert shown() == (["Priya"], 2, {"yes": 1, "no": 2})
    service.answer(session, asked, choice="yes", member=priya, **quiet)
    assert shown() == ([], 3, {"yes": 1, "no": 2})


def test_an_answer_wakes_screen_and_phones_by_ids_that_name_nobody(
    session: Session, store: StoreView, people: list[MemberView]
) -> None:
    sarah, priya, *_ = people
    zone = linked(session, store, sarah).spot.zone_id
    link = links.link_of(session, sarah.id)
    assert link is not None
    asked = new_opinion(session, sarah, priya)
    say(session, asked, priya, "yes")
    session.flush()
    happened = session.execute(select(Event.payload, Event.topics).order_by(Event.id)).all()
    payload, topics = happened[-1]
    assert payload == {"request_id": asked}
    assert topics == [f"opinion:{asked}", link.topic, f"room:{zone}"]


def test_only_its_own_rooms_screen_gets_the_picture_and_only_when_turned_on(
    session: Session, store: StoreView, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, tom, _ = people
    here, elsewhere = (linked(session, store, one).spot.zone_id for one in (sarah, tom))
    asked, now = new_opinion(session, sarah, priya), clock.now()
    about: dict[str, Any] = {"now": now, "key": KEY}
    with pytest.raises(NotFound):
        queries.picture_on_screen(session, asked, zone_id=here, **about)
    service.show_picture(session, asked, is_shown=True, member=sarah, now=now)
    assert queries.picture_on_screen(session, asked, zone_id=here, **about).startswith(b"\xff\xd8")
    with pytest.raises(NotFound):
        queries.picture_on_screen(session, asked, zone_id=elsewhere, **about)


def test_erasing_takes_questions_answers_and_pictures(
    session: Session, people: list[MemberView], clock: FixedClock
) -> None:
    sarah, priya, *_ = people
    mine, hers = new_opinion(session, sarah, priya), new_opinion(session, priya, sarah)
    say(session, mine, priya, "yes", "So you!")
    say(session, hers, sarah, "no")
    assert queries.export(session, sarah.id)["asked"][0]["answers"] == [
        {"friend": "Priya N.", "choice": "yes", "reply": "So you!"}
    ]
    service.erase(session, sarah.id)
    assert answers_to(session, hers, priya) == []
    assert rows(session) == [1, 0, 0, 1]
    clock.advance(seconds=timedelta(hours=1).seconds)
    assert queries.export(session, sarah.id) == {"asked": [], "answered": []}


def store_brand(session: Session, store: StoreView) -> BrandView:
    return brands.get_brand(session, store.brand_id)
