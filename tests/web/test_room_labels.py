"""A room without a reader: its phone scans labels, and the screen shows what they are of."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.clock import FixedClock
from core.transaction import Database
from jobs.schedule import new_worker
from retail.fitting_rooms import labels
from retail.fitting_rooms.rules import WIPES_AFTER_EMPTY
from tests.builders.accounts import new_member
from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room
from tests.builders.visitor import Visitor


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


@pytest.fixture
def phone(room: Room, db: Database) -> Visitor:
    """A phone that is linked to the room."""
    with db.write() as session:
        member = new_member(session, room.floor.store.brand_id)
    phone = room.phone_of(member)
    room.link(phone)
    return phone


@pytest.fixture
def later(app: Flask, db: Database, clock: FixedClock) -> Callable[[float], None]:
    """Let seconds pass, with the worker doing what is due by the way."""

    def pass_by(seconds: float) -> None:
        for _ in range(int(seconds / 5)):
            clock.advance(seconds=5)
            with app.app_context():
                new_worker(db).run_all()

    return pass_by


def page_of(phone: Visitor, piece: Any) -> Visitor:
    """The page that a label opens."""
    phone.page = phone.client.get(f"/scan?code={piece.gtin}", follow_redirects=True)
    return phone


def scan(phone: Visitor, piece: Any) -> Visitor:
    """Scan a label and have it shown in the room."""
    assert "Show it on the room’s screen" in page_of(phone, piece).text
    return phone.send("/me/room/pieces")


def test_what_the_phone_scans_stands_on_the_screen_with_sizes_and_can_be_brought(
    room: Room, phone: Visitor
) -> None:
    assert "Bring something in." in room.shows()
    assert "It’s on the room’s screen." in scan(phone, room.floor.trench_10).text
    page = room.shows()
    for words in ("Harbour trench", "camel, size 10", "3 here"):
        assert words in page, words
    room.touch("ask", variant_id=room.floor.trench_12.id)
    assert "Harbour trench" in room.tablet.open("/staff/requests").text
    scan(phone, room.floor.navy_12)
    assert "navy, size 12" in room.shows(), "what was scanned last is looked at"


def test_it_stays_without_a_reader_until_it_is_taken_out_and_then_the_room_wipes_itself(
    room: Room, phone: Visitor, later: Callable[[float], None]
) -> None:
    scan(phone, room.floor.trench_10)
    scan(phone, room.floor.trench_10)
    later(120)
    assert "Harbour trench" in room.shows()
    phone.open("/me/room").send(f"/me/room/pieces/{room.floor.trench_10.id}/out")
    assert "Harbour trench" not in phone.text
    assert "Bring something in." in room.shows()
    later(WIPES_AFTER_EMPTY.total_seconds() + 10)
    assert "We’ll clear this screen in 30 seconds" in room.shows()


def test_after_a_wipe_nothing_of_it_is_left(room: Room, phone: Visitor, db: Database) -> None:
    scan(phone, room.floor.trench_10)
    room.read(epc_of(room.floor.navy_12))
    room.touch("end")
    assert "Bring something in." in room.shows()
    with db.read() as session:
        rows = session.execute(text("SELECT * FROM room_garment")).all()
    assert len(rows) == 1, "the chip that is still inside waits to leave"
    assert room.floor.trench_10.id not in repr(rows)
    assert "Show it on the room’s screen" not in page_of(phone, room.floor.trench_10).text


@pytest.mark.parametrize("label", ["05012345678901", "not a label", "09999999999994"])
def test_what_is_no_label_of_ours_is_refused_and_shown_nowhere(
    room: Room, phone: Visitor, label: str
) -> None:
    refused = page_of(phone, room.floor.trench_10).send("/me/room/pieces", label=label)
    assert refused.status == 404
    assert "This isn’t here." in refused.text
    assert "Bring something in." in room.shows()


def test_a_phone_that_is_linked_no_more_is_told_so(room: Room, phone: Visitor) -> None:
    page_of(phone, room.floor.trench_10)
    room.touch("end")
    assert phone.send("/me/room/pieces").status == 409
    assert "Your phone isn’t linked to a room any more." in phone.text
    assert "Bring something in." in room.shows()


def test_a_room_shows_so_many_and_no_more(
    room: Room, phone: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "MOST", 1)
    scan(phone, room.floor.trench_10)
    assert scan(phone, room.floor.navy_12).status == 409
    assert "Take something out first." in phone.text
    assert scan(phone, room.floor.trench_10).status == 200, "it is in already"
