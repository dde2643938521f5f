"""Requests of rooms: late, passed on, given back, called off by either side, and over by time."""

from collections.abc import Callable

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database, database
from jobs.schedule import new_worker
from recommender.bundle import Shelf, fit
from recommender.interactions import Event
from retail.fitting_rooms import requests
from retail.training.serving import folder_of
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.floor import batch, epc_of, new_device
from tests.builders.rooms import STRONG, Room, new_room
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.tastes import SMALL
from tests.builders.visitor import Visitor
from web.auth import settings

Pass = Callable[[float], None]


@pytest.fixture
def room(app: Flask) -> Room:
    found = new_room(app)
    found.read(epc_of(found.floor.trench_10))
    return found


@pytest.fixture
def after(app: Flask, db: Database, clock: FixedClock) -> Pass:
    """Let seconds pass at once, and then the worker do what is due."""

    def pass_by(seconds: float) -> None:
        clock.advance(seconds=seconds)
        with app.app_context():
            new_worker(db).run_all()

    return pass_by


def asked(room: Room) -> str:
    """The address of a request for a 12, which the room looks at from now on."""
    room.touch("ask", variant_id=room.floor.trench_12.id)
    room.touch("show", variant_id=room.floor.trench_12.id)
    return room.request()


def test_what_nobody_takes_on_is_late_on_both_sides_and_on_every_page_of_the_store(
    room: Room, after: Pass
) -> None:
    address, manager = asked(room), room.another_tablet("Ada Quill", role="manager")
    after(119)
    assert "Late" not in room.tablet.open("/staff/requests").text
    after(1)
    room.read(epc_of(room.floor.trench_10))
    page = room.touch("show", variant_id=room.floor.trench_12.id).text
    assert "Everyone’s busy. We’ve asked again." in page
    assert '<b class="mark">Late</b>' in room.tablet.open("/staff/requests").text
    waits = "A fitting room waits, and nobody has taken it on."
    for tablet in (room.tablet, manager):
        assert waits in tablet.open("/staff").text
    assert waits in manager.open("/staff/live/requests/late").text
    manager.open(address).send(f"{address}/accept")
    assert waits not in room.tablet.open("/staff").text
    assert "Ada has it" in room.shows()


def test_an_answer_in_time_is_never_late(room: Room, after: Pass) -> None:
    address = asked(room)
    room.tablet.open(address).send(f"{address}/accept")
    after(121)
    assert "Late" not in room.tablet.open("/staff/requests").text


def test_a_request_is_passed_to_a_colleague_or_back_to_everybody(room: Room) -> None:
    address, sam = asked(room), room.another_tablet("Sam Reed")
    room.tablet.open(address).send(f"{address}/accept")
    held_by = room.tablet.form(f"{address}/pass-on")["held_by"]
    names = room.tablet.text
    assert "Sam Reed" in names
    other = names.partition('">Sam Reed<')[0][-26:]
    room.tablet.send(f"{address}/pass-on", to=other)
    assert "Sam has it" in room.shows()
    stale = {"held_by": held_by, "to": ""}
    assert room.tablet.send(f"{address}/pass-on", **stale).status == 409, "Jo has it no more"
    sam.open(address).send(f"{address}/pass-on", to="")
    assert "We’ve asked again." in room.shows()
    assert "I’ll bring it" in room.tablet.open(address).text
    room.tablet.send(f"{address}/accept")
    unknown = room.tablet.open(address).send(f"{address}/pass-on", to="0" * 26)
    assert unknown.status == 404


def test_staff_call_off_what_cannot_be_brought_and_the_piece_is_free(room: Room) -> None:
    address = asked(room)
    assert "2 here" in room.shows()
    assert "Nobody waits" in room.tablet.open(address).send(f"{address}/cancel").text
    page = room.shows()
    assert "Sorry, it couldn’t be brought." in page
    assert "3 here" in page
    room.touch("ask", variant_id=room.floor.trench_12.id)
    assert "Sent." in room.shows(), "it can be asked for once more"


def test_what_takes_too_long_is_called_off_by_its_time_and_the_piece_is_free(
    app: Flask, room: Room, clock: FixedClock
) -> None:
    address = asked(room)
    room.tablet.open(address).send(f"{address}/accept")
    for _ in range(3):
        clock.advance(minutes=10)
        room.touch("stay")
    with app.app_context(), database().write() as session:
        requests.lapse(session, address.rpartition("/")[2], now=core_clock.now())
    page = room.shows()
    assert "Nobody could bring it in time." in page
    assert "Bring me a 12 in camel" in page


def test_somebody_is_called_from_a_room_with_nothing_in_it(app: Flask) -> None:
    room = new_room(app)
    assert "We’ve called somebody." in room.touch("call").text
    room.touch("call")
    queue = room.tablet.open("/staff/requests").text
    assert queue.count("Fitting room 4: somebody to come") == 1
    address = room.request()
    room.tablet.open(address).send(f"{address}/accept")
    assert "Jo is coming" in room.shows()
    room.tablet.send(f"{address}/at-door")
    assert "Jo is at your door" in room.shows()
    room.tablet.send(f"{address}/done")
    assert "Call somebody" in room.shows()
    room.touch("call")
    room.touch("end")
    assert "Nobody waits" in room.tablet.open("/staff/requests").text


def test_of_several_stores_that_which_is_looked_at_is_shown_alone(app: Flask) -> None:
    room = new_room(app)
    room.touch("call")
    with app.app_context(), database().write() as session:
        elsewhere = new_store(session, brand_id=room.floor.store.brand_id)
    manager = room.another_tablet("Ada Quill", role="manager", store_id=None)
    for slug, count in ((room.floor.store.slug, 1), (elsewhere.slug, 0)):
        part = manager.open(f"/staff/live/requests/queue?store={slug}").text
        assert part.count("somebody to come") == count
        assert manager.open(f"/staff/greetings/{slug}").text.count("somebody to come") == count
    assert manager.open("/staff/requests").text.count("somebody to come") == 1


def test_a_page_about_a_request_learns_that_somebody_moved_it_on(room: Room) -> None:
    address = asked(room)
    part = room.tablet.open(address).text.partition('data-live-fragment="')[2].partition('"')[0]
    assert room.tablet.api("GET", part).status_code == 304
    room.another_tablet("Sam Reed").open(address).send(f"{address}/accept")
    assert room.tablet.api("GET", part).status_code == 205


def test_another_store_sees_nothing_of_it(app: Flask, room: Room) -> None:
    address, store = asked(room), room.floor.store
    with app.app_context(), database().write() as session:
        elsewhere = new_store(session, brand_id=store.brand_id)
        staff = new_staff(session, store.brand_id, store_id=elsewhere.id, role="assistant")
        token = sign_in_staff(session, staff)
    tablet = Visitor(app.test_client()).sign_in(token, cookie=COOKIE)
    assert "Nobody waits" in tablet.open("/staff/requests").text
    assert tablet.open(address).status == 404
    assert tablet.open(address.replace("/requests", "/live/requests")).status == 404


def test_a_reader_of_another_store_moves_nothing_in_a_room_of_the_same_name(
    app: Flask, room: Room
) -> None:
    with app.app_context(), database().write() as session:
        elsewhere = new_store(session, brand_id=room.floor.store.brand_id)
        token = new_device(session, elsewhere, "reader")
        screen = Visitor(app.test_client())
        screen.sign_in(new_device(session, elsewhere, "screen"), cookie="device")
    reads = batch((epc_of(room.floor.navy_12, serial=7), core_clock.now(), STRONG))
    assert room.send(reads, token=token).json["seen"] == 1
    assert "Navy" not in room.shows().partition("What you brought in")[2].partition("Size")[0]
    assert "navy, size 12" in screen.open("/room").text
    asked(room)
    request = room.shows().partition("/room/requests/")[2][:26]
    headers = {"Sec-Fetch-Site": "same-origin"}
    called_off = screen.client.post(f"/room/requests/{request}/cancel", headers=headers)
    assert called_off.status_code == 404
    assert "Sent." in room.shows()


def test_managers_read_how_long_rooms_waited_and_assistants_do_not(
    room: Room, clock: FixedClock
) -> None:
    address, manager = asked(room), room.another_tablet("Ada Quill", role="manager")
    assert "0:30" not in manager.open("/staff/request-times").text
    clock.advance(seconds=30)
    room.tablet.open(address).send(f"{address}/accept")
    clock.advance(seconds=35)
    room.tablet.send(f"{address}/at-door")
    page = manager.open("/staff/request-times").text
    assert "0:30" in page
    assert "1:05" in page
    assert "Jo" not in page.partition("<table")[2]
    assert room.tablet.open("/staff/request-times").status == 403


def test_what_goes_with_it_is_here_and_in_the_sizes_that_came_in(
    app: Flask, room: Room, clock: FixedClock
) -> None:
    """With a model that serves, which learnt that coats go with boots; without one, nothing."""
    assert "Complete the look" not in room.shows()
    store = room.floor.store
    with app.app_context(), database().write() as session:
        boots = new_style(session, brand_id=store.brand_id, name="Pilar boots")
        pairs = [
            new_variant(session, brand_id=store.brand_id, style=boots, size=size)
            for size in ("10", "14")
        ]
        for pair in pairs:
            told = {"brand_id": store.brand_id, "store_id": store.id}
            new_stock(session, variant_id=pair.id, **told)
    now = clock.now().timestamp()
    both = (room.floor.trench_10.style_id, boots.id)
    events = [Event(f"s{n}", style, "purchase", now - 9) for n in range(12) for style in both]
    events += [Event(f"t{n}", f"other-{n % 5}", "purchase", now - 9) for n in range(12)]
    with app.app_context():
        folder = folder_of(store.brand_id, settings().data_dir)
    Shelf(folder).publish(fit(events, [both] * 12, settings=SMALL, now=now))
    page = room.shows()
    assert "Complete the look" in page
    with app.app_context(), database().write() as session:
        sizes = {pairs[0].category_code: "14"}
        sarah = new_member(session, store.brand_id, display_name="Sarah Lewis", sizes=sizes)
    phone = room.link(room.phone_of(sarah))
    hers = room.shows().partition("Complete the look")[2]
    assert "size 14" in hers, "the shopper's own size is known"
    assert "size 10" not in hers
    phone.open("/me/room").send("/me/room/unlink")
    look = page.partition("Complete the look")[2]
    assert "Pilar boots" in look
    assert "size 10" in look
    assert "size 14" not in look
    assert "Sent." in room.touch("ask", variant_id=pairs[0].id).text
