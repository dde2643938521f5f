"""A room's part that is given again: only while it is so, to the same screen, about nobody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, update

from core import clock as core_clock
from core.clock import FixedClock
from core.glance import Glance
from core.outbox import with_news
from core.transaction import Database, database
from retail.devices import queries
from retail.devices import service as devices
from retail.devices.models import Device
from retail.journeys.floor.show_room import show_what_is_here
from retail.room_page.queries import DeviceHere, find_device_here
from tests.builders.accounts import new_member
from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room
from tests.builders.visitor import Visitor
from tests.conftest import NOON
from web import screens
from web.pages.fitting_room import part as page

Look = Callable[[Room], bool]
NOW, FIVE_MINUTES = "/room/now", timedelta(minutes=5)


@pytest.fixture
def room(app: Flask, clock: FixedClock) -> Room:
    del clock
    found = new_room(app)
    found.read(epc_of(found.floor.trench_10))
    return found


def part(room: Room) -> str:
    """The part as it is now, after a first look that may have kept it."""
    return room.screen.api("GET", NOW).get_data(as_text=True)


@pytest.fixture
def is_kept(monkeypatch: pytest.MonkeyPatch) -> Callable[[Room], bool]:
    """Whether a look at the part is answered without reading the room."""
    read: list[object] = []

    def noting(*args: object, **how: object) -> object:
        read.append(args)
        return show_what_is_here(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(page, "show_what_is_here", noting)

    def look(room: Room) -> bool:
        read.clear()
        assert room.screen.api("GET", NOW).status_code == 200
        return not read

    return look


def test_what_stands_still_is_given_again_and_for_a_second_at_most(
    room: Room, clock: FixedClock, is_kept: Look
) -> None:
    first = room.screen.api("GET", NOW)
    assert is_kept(room)
    again = room.screen.api("GET", NOW)
    assert again.data == first.data
    shared = {"Content-Type", "Cache-Control", "ETag"}
    assert {name: again.headers[name] for name in shared} == {
        name: first.headers[name] for name in shared
    }
    known = {"If-None-Match": first.headers["ETag"]}
    assert room.screen.client.get(NOW, headers=known).status_code == 304
    clock.advance(seconds=1)
    assert not is_kept(room)


def test_a_piece_that_comes_in_shows_at_once(room: Room) -> None:
    assert "size 12" not in part(room)
    room.read(epc_of(room.floor.navy_12))
    assert "size 12" in part(room)


def test_what_is_asked_for_shows_at_once_and_who_brings_it_is_kept_nowhere(
    room: Room, is_kept: Look
) -> None:
    part(room)
    room.touch("ask", variant_id=room.floor.trench_12.id)
    room.touch("show", variant_id=room.floor.trench_12.id)
    assert "Sent. Somebody will say so here." in part(room)
    address = room.request()
    room.tablet.open(address).send(f"{address}/accept")
    assert "has it" in part(room)
    assert not is_kept(room)


def test_while_a_phone_is_linked_nothing_is_kept(room: Room, is_kept: Look) -> None:
    part(room)
    with room.app.app_context(), database().write() as session:
        sarah = new_member(session, room.floor.store.brand_id, display_name="Sarah Lewis")
    phone = room.link(room.phone_of(sarah))
    assert "Unlink phone" in part(room)
    assert not is_kept(room)
    phone.open("/me/room").send("/me/room/unlink")
    assert "Link my phone" in part(room)
    assert is_kept(room)


def test_after_the_end_the_next_answer_is_of_an_empty_room(room: Room) -> None:
    assert "Harbour trench" in part(room)
    room.touch("end")
    assert "Bring something in." in part(room)


def test_a_code_goes_when_its_minute_ends(room: Room, clock: FixedClock, is_kept: Look) -> None:
    room.touch("link")
    clock.advance(seconds=59.5)
    assert "Link your phone" in part(room)
    assert is_kept(room)
    clock.advance(seconds=0.5)
    assert "It’s good for a minute" not in part(room)


@pytest.mark.parametrize("what", ["the room clears", "a count is five minutes old"])
def test_what_ends_by_itself_is_looked_at_anew_then(
    room: Room, clock: FixedClock, is_kept: Look, what: str
) -> None:
    clears = part(room).partition('data-clears-at="')[2].partition('"')[0]
    ends = {"the room clears": clears, "a count is five minutes old": f"{NOON + FIVE_MINUTES}"}
    left = datetime.fromisoformat(ends[what]) - core_clock.now()
    clock.advance(seconds=left.total_seconds() - 0.5)
    part(room)
    assert is_kept(room)
    clock.advance(seconds=0.5)
    assert not is_kept(room)


def test_another_language_is_spoken_at_once(room: Room) -> None:
    assert "Complete the look" in part(room) or "End session" in part(room)
    room.touch("language", language="de")
    assert "Beenden" in part(room)


def test_a_revoked_screen_and_another_browser_are_given_nothing(
    room: Room, db: Database, visit: Callable[[], Visitor], is_kept: Look
) -> None:
    part(room)
    assert is_kept(room)
    assert visit().api("GET", NOW).status_code == 401
    stranger = visit()
    stranger.client.set_cookie("device", "somebody else’s")
    assert stranger.api("GET", NOW).status_code == 401
    with db.write() as session:
        for one in queries.devices_in(session, [room.floor.store.id]):
            devices.revoke(session, one, now=core_clock.now())
    assert room.screen.api("GET", NOW).status_code == 401


def of_the_id_and_news(*asked: Any, **how: Any) -> DeviceHere | None:
    """As `find_device_here`, with a stamp of the device’s id and the news alone."""
    found = find_device_here(*asked, **how)
    return found and replace(found, stamp=(found.device.id, *found.stamp[3:]))


def without_news(*asked: Any, **how: Any) -> DeviceHere | None:
    """As `find_device_here`, with a stamp of the device alone."""
    found = find_device_here(*asked, **how)
    return found and replace(found, stamp=(found.device.id,))


def revoked_unheard(room: Room, db: Database) -> None:
    """Revoke every device by its row alone: what else tells of it is not there."""
    with db.write() as session:
        session.execute(
            update(Device)
            .where(Device.store_id == room.floor.store.id)
            .values(revoked_at=core_clock.now())
        )


def test_a_revoked_screen_is_given_nothing_whether_or_not_anybody_hears_of_it(
    room: Room, db: Database, is_kept: Look
) -> None:
    part(room)
    assert is_kept(room)
    revoked_unheard(room, db)
    assert room.screen.api("GET", NOW).status_code == 401


def test_control_a_stamp_that_does_not_ask_whether_it_is_revoked_gives_what_was(
    room: Room, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_device = select(Device.id).where(Device.token_hash == bindparam("token_hash"))
    monkeypatch.setattr(screens, "DEVICE_STAMP", with_news(of_device))
    # So that what is made before Flask is seen alike.
    monkeypatch.setattr(page, "find_device_here", of_the_id_and_news)
    part(room)
    revoked_unheard(room, db)
    assert room.screen.api("GET", NOW).status_code == 200


def test_control_a_stamp_that_sees_no_news_gives_what_was(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_device = select(Device.id).where(Device.token_hash == bindparam("token_hash"))
    monkeypatch.setattr(screens, "DEVICE_STAMP", Glance(of_device))
    # So that what is made before Flask is seen alike.
    monkeypatch.setattr(page, "find_device_here", without_news)
    part(room)
    room.read(epc_of(room.floor.navy_12))
    assert "size 12" not in part(room)
