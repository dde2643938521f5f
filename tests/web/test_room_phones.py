"""A phone in a room: linked by a code, once; what that shows there; and nothing afterwards."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database, database
from retail.accounts.queries import MemberView
from retail.consent.rules import LIKES_ON_SCREEN
from retail.journeys.looks.lay_out import lay_out
from retail.journeys.looks.publish import publish
from retail.social import service as social
from tests.builders.accounts import give_consent, new_member
from tests.builders.floor import epc_of
from tests.builders.friends import befriend
from tests.builders.outfits import bought, new_stylist
from tests.builders.rooms import Room, new_room
from tests.builders.visitor import Visitor


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def a_member(room: Room, name: str = "Sarah Lewis", **about: Any) -> MemberView:
    with room.app.app_context(), database().write() as session:
        return new_member(session, room.floor.store.brand_id, display_name=name, **about)


def test_a_phone_is_linked_by_the_code_and_both_sides_say_so(room: Room) -> None:
    room.read(epc_of(room.floor.trench_10))
    phone = room.phone_of(a_member(room))
    code = room.code()
    assert f"/me/room?code={code}" not in room.screen.text, "only the square holds the address"
    page = phone.open(f"/me/room?code={code}").text
    assert "Link this phone to Fitting room 4" in page
    page = phone.send("/me/room/link").text
    assert "You’re in Fitting room 4" in page
    assert "Harbour trench" in page
    assert "Unlink phone" in room.shows()
    assert "Sarah" not in room.shows()
    asks = "touch “Ask friends what they think” there"
    assert 'name="asking"' in room.shows()
    assert asks not in room.shows()
    asking = room.screen.open("/room?asking=1").text
    assert asks in asking
    assert 'data-live-fragment="/room/now?asking=1"' in asking, "it stays while the room changes"
    part = page.partition('data-live-fragment="/fragments/me/room/')[2].partition('"')[0]
    assert phone.api("GET", f"/fragments/me/room/{part}").status_code == 200
    assert "Your phone isn’t linked" in phone.open("/me/room").send("/me/room/unlink").text
    assert phone.api("GET", f"/fragments/me/room/{part}").status_code == 205
    assert "Link my phone" in room.shows()
    assert asks not in room.screen.open("/room?asking=1").text, "without a phone nobody asks"


def test_a_code_is_good_once_and_for_a_minute(room: Room, clock: FixedClock) -> None:
    code, (sarah, tom) = room.code(), (room.phone_of(a_member(room, n)) for n in ("Sarah", "Tom"))
    clock.advance(seconds=60)
    assert code not in room.shows()
    page = sarah.open(f"/me/room?code={code}").text
    assert "No room’s screen shows this code just now." in page
    late = room.code()
    sarah.open(f"/me/room?code={late}").send("/me/room/link")
    sarah.open("/me/room").send("/me/room/unlink")
    page = tom.open("/me/room").send("/me/room/link", code=late)
    assert page.status == 409, "what linked a phone once links no other"


def test_a_second_phone_is_refused_in_clear_words_and_the_first_stays(room: Room) -> None:
    room.read(epc_of(room.floor.trench_10))
    sarah, tom = (room.phone_of(a_member(room, name)) for name in ("Sarah", "Tom"))
    code = room.code()
    tom.open(f"/me/room?code={code}")
    sarah.open(f"/me/room?code={code}").send("/me/room/link")
    page = tom.send("/me/room/link")
    assert page.status == 409
    assert "Another phone is linked to this room. It has to be unlinked first." in page.text
    assert room.touch("link").status == 409
    assert "A phone is linked to this room already." in room.screen.text
    assert "You’re in Fitting room 4" in sarah.open("/me/room").text


def test_a_code_of_another_brand_is_no_code(app: Flask, room: Room) -> None:
    code, stranger = room.code(), new_room(app)
    phone = stranger.phone_of(a_member(stranger))
    assert "No room’s screen shows this code" in phone.open(f"/me/room?code={code}").text


def liked_by(room: Room, *likers: MemberView) -> None:
    """Let these like somebody's look with the coat."""
    now = core_clock.now()
    with room.app.app_context(), database().write() as session:
        stylist = new_stylist(session, room.floor.store.brand_id)
        receipt = bought(session, room.floor.store, stylist, [room.floor.navy_12])
        look = lay_out(session, receipt.id, member=stylist, now=now)
        publish(session, look, member=stylist, audience="everyone", now=now)
        for liker in likers:
            social.like(session, look, member=liker, now=now)


def test_a_linked_phone_brings_sizes_and_friends_who_agreed(room: Room) -> None:
    sarah = a_member(room, sizes={room.floor.trench_12.category_code: "12"})
    priya, uma = a_member(room, "Priya Shah"), a_member(room, "Uma Silent")
    with room.app.app_context(), database().write() as session:
        befriend(session, sarah, priya, uma)
        give_consent(session, priya, LIKES_ON_SCREEN)
    liked_by(room, priya, uma)
    room.read(epc_of(room.floor.trench_10))
    before = room.shows()
    assert "yours" not in before
    assert "friend" not in before.partition("Link my phone")[0]
    room.link(room.phone_of(sarah))
    page = room.shows()
    assert "Priya, a friend of yours" in page
    assert "Uma" not in page
    assert '<small class="own">yours</small>' in page


def test_after_a_wipe_nothing_of_the_phone_is_left_anywhere(
    room: Room, db: Database, clock: FixedClock
) -> None:
    sarah = a_member(room, sizes={room.floor.trench_12.category_code: "12"})
    priya = a_member(room, "Priya Shah")
    with room.app.app_context(), database().write() as session:
        befriend(session, sarah, priya)
        give_consent(session, priya, LIKES_ON_SCREEN)
    liked_by(room, priya)
    empty, jar = rows(db, sarah.id), kept(room.screen)
    room.read(epc_of(room.floor.trench_10))
    phone = room.link(room.phone_of(sarah))
    room.touch("language", language="de")
    assert rows(db, sarah.id) != empty, "the control: while it is linked, a row says so"
    assert "Priya" in room.shows()
    assert room.screen.page is not None
    assert room.screen.page.headers["Cache-Control"] == "no-store"
    assert "Alles gelöscht." in room.touch("end").text
    for address in ("/room/cleared", "/room", "/room/now"):
        page = room.screen.open(address).text
        assert not {"Priya", "Sarah", "Harbour", "yours"} & set(page.replace(",", " ").split())
    assert rows(db, sarah.id) == empty
    assert kept(room.screen) == jar, "no cookie was added, and none changed"
    assert "Your phone isn’t linked" in phone.open("/me/room").text
    room.read(epc_of(room.floor.navy_12))
    assert "Priya" not in room.shows()


@pytest.mark.parametrize("by", ["a piece", "a touch"])
def test_whoever_comes_next_finds_nothing_even_where_nobody_came_to_wipe(
    room: Room, clock: FixedClock, by: str
) -> None:
    """As while the worker, which wipes, is down."""
    sarah = a_member(room)
    priya = a_member(room, "Priya Shah")
    with room.app.app_context(), database().write() as session:
        befriend(session, sarah, priya)
        give_consent(session, priya, LIKES_ON_SCREEN)
    liked_by(room, priya)
    room.read(epc_of(room.floor.trench_10))
    phone = room.link(room.phone_of(sarah))
    clock.advance(seconds=10 * 60 + 29)
    assert "Priya" in room.shows(), "the control: so far it is hers"
    clock.advance(seconds=1)
    assert "Bring something in." in room.shows()
    assert room.screen.open("/room/now").text.count("Harbour") == 0
    assert room.touch("stay").status == 409
    if by == "a piece":
        room.read(epc_of(room.floor.navy_12))
        assert "navy, size 12" in room.shows()
        assert "size 10" not in room.screen.text.partition("Size")[0]
    else:
        assert "Bringen Sie etwas herein." in room.touch("language", language="de").text
    assert "Priya" not in room.shows()
    assert "Your phone isn’t linked" in phone.open("/me/room").text


def rows(db: Database, member_id: str) -> list[str]:
    """Where the member's id stands in what rooms write, events and jobs included."""
    names = ("room_link", "room_session", "room_garment", "room_request", "event", "job")
    with db.read() as session:
        every = [(name, session.execute(text(f"SELECT * FROM {name}")).all()) for name in names]
    return [name for name, found in every if member_id in repr(found)]


def kept(browser: Visitor) -> list[tuple[str, str]]:
    """The cookies of a browser."""
    return sorted((key[-1], one.value) for key, one in browser.client._cookies.items())
