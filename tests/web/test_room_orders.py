"""Requests that end otherwise: ordered in, left at the door, late by a setting, seen on a phone."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update

from core import clock as core_clock
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database, database
from jobs.schedule import new_worker
from retail.catalogue.models import Stock
from retail.catalogue.queries import VariantView
from retail.fitting_rooms import requests
from tests.builders.accounts import new_member
from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room


@pytest.fixture
def room(app: Flask) -> Room:
    found = new_room(app)
    found.read(epc_of(found.floor.trench_10))
    return found


def asked(room: Room) -> str:
    """The address of a request for a 12, which the room looks at from now on."""
    room.touch("ask", variant_id=room.floor.trench_12.id)
    room.touch("show", variant_id=room.floor.trench_12.id)
    return room.request()


def none_left(room: Room, piece: VariantView) -> None:
    with room.app.app_context(), database().write() as session:
        session.execute(update(Stock).where(Stock.variant_id == piece.id).values(on_hand=0))


def test_what_is_not_here_can_be_ordered_in_by_whoever_comes(room: Room, clock: FixedClock) -> None:
    piece, manager = room.floor.trench_12, room.another_tablet("Ada Quill", role="manager")
    none_left(room, piece)
    page = room.touch("show", variant_id=piece.id).text
    assert "None of it is free here just now." in page
    assert "Bring me" not in page
    assert room.touch("ask", variant_id=piece.id).status == 409
    for _ in "12":
        page = room.touch("order", variant_id=piece.id).text
    assert "We’ve called somebody." in page
    assert "Ask us to order it in" not in page
    queue = room.tablet.open("/staff/requests").text
    assert queue.count("Fitting room 4: to order in, Harbour trench") == 1
    address = room.request()
    assert "None of it is free here." in room.tablet.open(address).text
    clock.advance(seconds=30)
    room.tablet.send(f"{address}/accept")
    assert "Jo is coming" in room.shows()
    room.tablet.send(f"{address}/at-door")
    assert "Jo is at your door" in room.shows()
    room.tablet.send(f"{address}/done")
    assert "Ask us to order it in" in room.shows()
    calls = manager.open("/staff/request-times").text.partition("<tbody>")[2].split("</td>")[2]
    assert calls.endswith(">1"), "nothing was fetched: somebody was called"
    assert room.touch("order", variant_id="0" * 26).status == 404


def test_what_stands_at_the_door_was_brought_when_its_time_is_over(
    app: Flask, room: Room, clock: FixedClock
) -> None:
    address = asked(room)
    for step in ("accept", "at-door"):
        room.tablet.open(address).send(f"{address}/{step}")
    for _ in range(3):
        clock.advance(minutes=10)
        room.touch("stay")
    with app.app_context(), database().write() as session:
        requests.lapse(session, address.rpartition("/")[2], now=core_clock.now())
    assert "Nobody could bring it" not in room.shows()
    assert "Handed over" in room.another_tablet("Sam Reed").open(address).text


def test_how_long_is_too_long_is_a_setting(
    app: Flask, db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_of = app.config["SETTINGS"]
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings_of, room_late_seconds=45))
    room = new_room(app)
    room.read(epc_of(room.floor.trench_10))
    asked(room)
    for seconds, is_late in ((44, False), (1, True)):
        clock.advance(seconds=seconds)
        with app.app_context():
            new_worker(db).run_all()
        assert ("Late" in room.tablet.open("/staff/requests").text) == is_late


def test_the_linked_phone_follows_each_step_too(room: Room) -> None:
    with room.app.app_context(), database().write() as session:
        sarah = new_member(session, room.floor.store.brand_id, display_name="Sarah Lewis")
    phone, address = room.link(room.phone_of(sarah)), asked(room)
    steps = {"accept": "Jo has it", "on-way": "Jo is on the way", "at-door": "At your door"}
    assert "Waits for somebody" in phone.open("/me/room").text
    for step, words in steps.items():
        room.tablet.open(address).send(f"{address}/{step}")
        assert words in phone.open("/me/room").text


class TestWhereTagsAreReadMoreOften:
    """With a shorter silence after which a piece has left."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        return replace(app_settings, room_quiet_seconds=7)

    def test_a_piece_leaves_after_the_silence_that_is_set(
        self, app: Flask, db: Database, clock: FixedClock
    ) -> None:
        room = new_room(app)
        room.read(epc_of(room.floor.trench_10))
        for seconds, is_here in ((6, True), (2, False)):
            clock.advance(seconds=seconds)
            with app.app_context():
                new_worker(db).run_all()
            assert ("Harbour trench" in room.shows()) == is_here
