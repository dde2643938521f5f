"""From a tag to a screen, and from a screen to an assistant: over the public interfaces."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database, database
from jobs.schedule import new_worker
from retail.fitting_rooms import service
from tests.builders.floor import batch, epc_of, new_device
from tests.builders.rooms import STRONG, Room, new_room
from tests.builders.staff import new_till_key
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

Visit = Callable[[], Visitor]


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


@pytest.fixture
def later(app: Flask, db: Database, clock: FixedClock) -> Callable[[float], None]:
    """Let seconds pass, with the worker doing what is due by the way."""

    def pass_by(seconds: float) -> None:
        for _ in range(int(seconds)):
            clock.advance(seconds=1)
            with app.app_context():
                new_worker(db).run_all()

    return pass_by


FLOOR_TABLES = ("tag_sighting", "room_session", "room_garment", "room_request", "event", "job")


def all_text(session: Session) -> str:
    """Every row of what the floor writes, as text."""
    tables = [session.execute(text(f"SELECT * FROM {name}")).all() for name in FLOOR_TABLES]
    return repr(tables)


def count(session: Session, table: str) -> int:
    return len(session.execute(text(f"SELECT * FROM {table}")).all())


def test_a_garment_shows_by_its_first_strong_read_with_sizes_here_and_its_story(
    room: Room,
) -> None:
    assert "Bring something in." in room.shows()
    assert room.read(epc_of(room.floor.trench_10))["seen"] == 1
    page = room.shows()
    for words in ("Harbour trench", "£189", "camel, size 10", "Ines Marlow", "Leeds", "3 here"):
        assert words in page, words


def test_a_weak_read_counts_by_its_second_and_again_by_none(room: Room, clock: FixedClock) -> None:
    epc = epc_of(room.floor.trench_10)
    room.read(epc, rssi=-70)
    room.read(epc, rssi=-70)
    assert "Harbour trench" not in room.shows(), "the same instant is the same read"
    clock.advance(seconds=0.5)
    room.read(epc, rssi=-70)
    assert "Harbour trench" in room.shows()


def test_a_piece_that_leaves_is_gone_after_a_quiet_while_and_the_room_wipes_itself(
    room: Room, later: Callable[[float], None]
) -> None:
    room.read(epc_of(room.floor.trench_10))
    later(19)
    assert "Harbour trench" in room.shows()
    later(2)
    assert "Bring something in." in room.shows()
    later(47)
    assert "Still trying things on?" in room.shows()
    room.touch("stay")
    assert "We’ll clear" not in room.shows()
    later(77)
    assert "Keep going" not in room.shows()
    answer = room.touch("stay")
    assert answer.status == 409, "nobody is in any more"


def test_ending_wipes_and_what_is_left_inside_is_not_shown_to_the_next(
    room: Room, clock: FixedClock, later: Callable[[float], None]
) -> None:
    epc = epc_of(room.floor.trench_10)
    room.read(epc)
    assert "All cleared." in room.touch("end").text
    clock.advance(seconds=5)
    room.read(epc)
    assert "Bring something in." in room.shows()
    room.read(epc_of(room.floor.navy_12))
    page = room.shows()
    assert "navy, size 12" in page
    assert "size 10" not in page.partition("Size")[0]
    later(25)
    room.read(epc)
    assert "camel, size 10" in room.shows(), "it was out, and comes in anew"


def test_sizes_and_colours_are_touched_and_only_those_of_the_room(room: Room) -> None:
    room.read(epc_of(room.floor.trench_10))
    assert "Bring me a 12 in camel" in room.touch("show", variant_id=room.floor.trench_12.id).text
    assert "Bring me a 12 in navy" in room.touch("show", variant_id=room.floor.navy_12.id).text
    assert room.touch("show", variant_id="0" * 26).status == 404


def test_an_assistant_brings_it_and_both_sides_see_each_step(room: Room) -> None:
    room.read(epc_of(room.floor.trench_10))
    page = room.touch("ask", variant_id=room.floor.trench_12.id)
    assert page.status == 200
    room.touch("show", variant_id=room.floor.trench_12.id)
    assert "Sent." in room.shows()
    assert "2 here" in room.shows(), "it is held"
    queue = room.tablet.open("/staff/requests").text
    assert "Fitting room 4: Harbour trench, 12" in queue
    address = room.request()
    assert "Taken on" in room.tablet.open(address).send(f"{address}/accept").text
    assert "Jo has it" in room.shows()
    assert "Hartley" not in room.shows()
    assert "On its way" in room.tablet.send(f"{address}/on-way").text
    assert "Jo is on the way" in room.shows()
    room.tablet.send(f"{address}/at-door")
    assert "At your door" in room.shows()
    assert "Nobody waits" in room.tablet.send(f"{address}/done").text
    assert "3 here" in room.shows()


def test_nothing_left_is_said_and_a_request_can_be_called_off(room: Room) -> None:
    room.read(epc_of(room.floor.trench_10))
    for _ in "12":
        room.touch("ask", variant_id=room.floor.trench_12.id)
    assert room.tablet.open("/staff/requests").text.count("Waits for somebody") == 1
    room.touch("show", variant_id=room.floor.trench_12.id)
    request = room.shows().partition("/room/requests/")[2][:26]
    room.touch(f"requests/{request}/cancel")
    assert "Nobody waits" in room.tablet.open("/staff/requests").text
    assert "3 here" in room.shows()


def test_unknown_sold_foreign_and_late_tags_are_told_apart(room: Room, clock: FixedClock) -> None:
    unknown = "urn:epc:id:sgtin:0614141.812345.6789"
    now = clock.now()
    reads = batch(
        (unknown, now, STRONG),
        ("urn:epc:id:sscc:0614141.1234567890", now, STRONG),
        ("not an EPC", now, STRONG),
        (epc_of(room.floor.trench_12), now - timedelta(hours=1), STRONG),
        (epc_of(room.floor.trench_12), now + timedelta(hours=1), STRONG),
    )
    said = room.send(reads).json
    assert said == {
        "seen": 1,
        "unknown": 1,
        "other_scheme": 1,
        "unreadable": 1,
        "late": 2,
        "sold": 0,
    }
    assert "We don’t recognise this one." in room.shows()


def test_sold_tags_are_not_looked_at_until_their_goods_come_back(app: Flask, room: Room) -> None:
    epc, brand = epc_of(room.floor.trench_10), room.floor.store.brand_id
    with app.app_context(), database().write() as session:
        till = new_till_key(session, brand, room.floor.store.id)[1]
    says = {"Authorization": f"Bearer {till}"}
    client = room.screen.client
    sold = {"epcs": [epc], "are": "sold"}
    assert client.post("/api/v1/tags", json=sold, headers=says).status_code == 204
    assert room.read(epc)["sold"] == 1
    assert "Bring something in." in room.shows()
    assert client.post("/api/v1/tags", json=sold | {"are": "back"}, headers=says).status_code == 204
    room.read(epc)
    assert "Harbour trench" in room.shows()


def test_only_a_reader_tells_of_tags_and_only_while_it_may(app: Flask, room: Room) -> None:
    reads = batch((epc_of(room.floor.trench_10), core_clock.now(), STRONG))
    with app.app_context(), database().write() as session:
        screen = new_device(session, room.floor.store, "screen")
        boss = sign_in_staff(session, new_staff(session, room.floor.store.brand_id))
    assert room.send(reads, token=screen).status_code == 403
    assert room.send(reads, token="sd_nobody").status_code == 401
    for body in (b"{", b"\xff", b""):
        assert room.send(body).status_code == 422
    assert room.send(b" " * 9_000_000).status_code == 413
    page = Visitor(app.test_client()).sign_in(boss, cookie=COOKIE).open("/staff/devices")
    for address in {part[:26] for part in page.text.split("/staff/devices/")[1:]}:
        page.send(f"/staff/devices/{address}/revoke")
    assert room.send(reads).status_code == 401
    assert "Show a code" in room.shows()


def test_a_screen_is_let_in_by_the_code_that_it_shows(app: Flask, room: Room, visit: Visit) -> None:
    with app.app_context(), database().write() as session:
        boss = sign_in_staff(session, new_staff(session, room.floor.store.brand_id))
    screen = visit()
    headers = {"Sec-Fetch-Site": "same-origin"}
    screen.page = screen.client.post("/room/pair", headers=headers, follow_redirects=True)
    code = screen.text.partition('class="code mono">')[2][:9]
    assert "Not yet." in screen.client.post("/room/paired", headers=headers).text
    tablet = visit().sign_in(boss, cookie=COOKIE).open("/staff/devices")
    wrong = tablet.send("/staff/devices", code="0000-0000", zone="Fitting room 4")
    assert "No device shows this code just now." in wrong.text
    assert "It’s in." in tablet.send("/staff/devices", code=code, zone="Fitting room 4").text
    screen.page = screen.client.post("/room/paired", headers=headers, follow_redirects=True)
    assert "Fitting room 4" in screen.text
    tablet.open("/staff/devices")
    again = tablet.send("/staff/devices", code=code, zone="Fitting room 5")
    assert "No device shows this code just now." in again.text


def test_screens_fetch_again_only_what_changed_and_nobody_else_listens(
    room: Room, visit: Visit, db: Database
) -> None:
    room.read(epc_of(room.floor.trench_10), epc_of(room.floor.navy_12))
    with db.read() as session:
        assert count(session, "event WHERE kind = 'RoomChanged'") == 1, "one batch, told of once"
    part = room.screen.api("GET", "/room/now")
    again = {"If-None-Match": part.headers["ETag"]}
    assert room.screen.client.get("/room/now", headers=again).status_code == 304
    topics = room.shows().partition('data-topic="')[2].partition('"')[0].split()
    asked = "&".join(f"topic={topic}" for topic in topics)
    assert visit().api("GET", f"/live?{asked}").status_code == 422
    stream = room.screen.api("GET", f"/live?{asked}")
    assert stream.status_code == 200
    stream.close()
    assert visit().api("GET", "/room/now").status_code == 401


def test_a_batch_that_is_sent_again_writes_nothing(
    room: Room, db: Database, clock: FixedClock
) -> None:
    tags = [epc_of(room.floor.trench_10), epc_of(room.floor.navy_12)]
    said: list[str] = []

    def note(*told: Any) -> None:
        said.append(told[2].lower())

    def writes() -> list[str]:
        found = [one for one in said if re.search(r"\b(insert into|update|delete from) ", one)]
        said.clear()
        return found

    room.read(*tags)
    event.listen(db.engine, "before_cursor_execute", note)
    room.read(*tags)
    assert writes() == []
    clock.advance(seconds=5)
    room.read(*tags)
    assert writes(), "later reads say that the pieces are still there"
    event.remove(db.engine, "before_cursor_execute", note)


def test_no_epc_is_kept_and_reads_are_dropped_within_minutes(
    app: Flask, db: Database, room: Room, later: Callable[[float], None]
) -> None:
    epc = epc_of(room.floor.trench_10, serial=123_456_789)
    room.read(epc)
    with app.app_context(), db.read() as session:
        text = all_text(session)
        assert "123456789" not in text
        assert epc not in text
        assert room.floor.trench_10.gtin not in text
    later(3)
    with db.write() as session:
        service.forget_old(session, now=core_clock.now() + timedelta(minutes=3))
    with db.read() as session:
        assert count(session, "tag_sighting") == 0
