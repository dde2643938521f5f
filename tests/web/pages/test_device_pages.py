"""What staff do to devices that were let in: renamed, their antennas moved, revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.devices import queries
from tests.builders.brands import new_store
from tests.builders.floor import Floor, batch, epc_of, new_device, new_floor
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor
from tests.conftest import KEY

Visit = Callable[[], Visitor]


@dataclass(frozen=True)
class Rail:
    """A reader with an antenna in room 1, a screen in each of two rooms, and who looks after it."""

    goods: Floor
    reader: str
    screens: tuple[Visitor, Visitor]
    desk: Visitor
    reader_id: str
    screen_id: str

    def read(self, antenna: int = 1) -> int:
        reads = batch((epc_of(self.goods.trench_10), core_clock.now(), -45.0), antenna=antenna)
        says = {"Authorization": f"Bearer {self.reader}"}
        client = self.screens[0].client
        return client.post("/api/v1/tag-reads", json=reads, headers=says).status_code

    def do(self, device_id: str, what: str, **values: str) -> Visitor:
        self.desk.open("/staff/devices")
        return self.desk.send(f"/staff/devices/{device_id}/{what}", **values)

    def rooms(self) -> tuple[bool, bool]:
        """Whether each room shows the coat."""
        one, two = (screen.open("/room").text for screen in self.screens)
        return "Harbour trench" in one, "Harbour trench" in two


@pytest.fixture
def rail(app: Flask, db: Database, visit: Visit) -> Rail:
    with db.write() as session:
        store = new_store(session)
        goods = new_floor(session, store)
        reader = new_device(session, store, "reader", zone="Rail", antennas="1 = Room 1")
        one, two = (new_device(session, store, "screen", zone=f"Room {n}") for n in (1, 2))
        boss = sign_in_staff(session, new_staff(session, store.brand_id))
        ids = [queries.find_device(session, token, key=KEY) for token in (reader, one)]
    screens = visit().sign_in(one, cookie="device"), visit().sign_in(two, cookie="device")
    desk = visit().sign_in(boss, cookie=COOKIE)
    assert ids[0] is not None
    assert ids[1] is not None
    return Rail(goods, reader, screens, desk, ids[0].id, ids[1].id)


def test_a_device_goes_by_its_new_name_and_goes_on_working(rail: Rail) -> None:
    assert (
        "Rail by the window" in rail.do(rail.reader_id, "rename", name=" Rail by  the window").text
    )
    assert rail.read() == 200
    assert rail.rooms() == (True, False)
    assert rail.do(rail.reader_id, "rename", name="x" * 61).status == 422


def test_an_antenna_that_moved_puts_what_it_reads_into_its_new_room(
    rail: Rail, clock: FixedClock
) -> None:
    assert rail.read() == 200
    assert rail.rooms() == (True, False)
    page = rail.do(rail.reader_id, "antennas", antennas="1 = Room 2, 3 = Room 1")
    assert 'value="1 = Room 2, 3 = Room 1"' in page.text
    for _ in range(4):
        clock.advance(seconds=1)
        assert rail.read() == 200
    assert rail.rooms() == (False, True), "room 2 hears it, and room 1 no more"


def test_what_is_no_mapping_is_refused_and_changes_nothing(rail: Rail) -> None:
    for typed in ("Room 1", "1 = Room 1, 1 = Room 2", f"1 = {'x' * 41}"):
        answer = rail.do(rail.reader_id, "antennas", antennas=typed)
        assert answer.status == 422
        assert "Write them like 1 = Fitting room 1" in answer.text
    assert 'value="1 = Room 1"' in rail.desk.open("/staff/devices").text


def test_every_screen_of_a_room_shows_it_however_the_name_was_typed(
    rail: Rail, db: Database, visit: Visit
) -> None:
    with db.write() as session:
        token = new_device(session, rail.goods.store, "screen", zone="ROOM 1")
    second = visit().sign_in(token, cookie="device")
    assert rail.read() == 200
    for screen in (rail.screens[0], second):
        page = screen.open("/room").text
        assert "Harbour trench" in page
        assert "<h1>Room 1</h1>" in page
    assert second.open("/room").text.count("ROOM 1") == 0


def test_a_revoked_reader_is_refused_by_its_next_batch(rail: Rail) -> None:
    assert rail.read() == 200
    rail.do(rail.reader_id, "revoke")
    assert rail.read() == 401


def ends_when(screen: Visitor, topic: str, revoke: Callable[[], object]) -> bool:
    """Whether an open stream of a screen ends by itself once its device is revoked."""
    heard = screen.api("GET", f"/live?topic={topic}").iter_encoded()
    assert b"hello" in next(heard)
    revoke()
    # Not even a heartbeat is waited for: these come every 15 seconds.
    rest = list(takewhile(lambda said: b"heartbeat" not in said, heard))
    return bool(rest) and rest[-1].endswith(b"event: bye\ndata: {}\n\n")


def test_a_revoked_kiosks_open_stream_ends(rail: Rail, db: Database, visit: Visit) -> None:
    with db.write() as session:
        token = new_device(session, rail.goods.store, "kiosk", zone="Entrance")
        kiosk = queries.find_device(session, token, key=KEY)
    assert kiosk is not None
    screen = visit().sign_in(token, cookie="device")
    assert ends_when(screen, f"kiosk:{kiosk.id}", lambda: rail.do(kiosk.id, "revoke"))
    assert screen.api("GET", f"/live?topic=kiosk:{kiosk.id}").status_code == 422


def test_a_revoked_screen_is_shown_nothing_and_its_open_stream_ends(rail: Rail) -> None:
    topics = rail.screens[0].open("/room").text.partition('data-topic="')[2].partition('"')[0]
    screen, room = rail.screens[0], topics.split()[0]
    assert ends_when(screen, room, lambda: rail.do(rail.screen_id, "revoke"))
    assert rail.screens[0].api("GET", "/room/now").status_code == 401
    assert rail.screens[1].api("GET", "/room/now").status_code == 200


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (9, "Heard of at 12:00<"),
        (11, "Not heard of since 12:00<"),
        (3 * 24 * 60, "Not heard of since Sun 22 Nov 2026, 12:00<"),
    ],
)
def test_the_list_says_when_each_was_heard_of_and_the_day_where_it_was_not_today(
    rail: Rail, clock: FixedClock, db: Database, visit: Visit, minutes: int, says: str
) -> None:
    clock.advance(minutes=minutes)
    with db.write() as session:
        boss = sign_in_staff(session, new_staff(session, rail.goods.store.brand_id))
    assert says in visit().sign_in(boss, cookie=COOKIE).open("/staff/devices").text


def test_a_screen_and_an_empty_reader_that_only_ask_are_heard_of(
    rail: Rail, clock: FixedClock
) -> None:
    for _ in range(4):
        clock.advance(minutes=4)
        assert all(one.api("GET", "/room/now").status_code == 200 for one in rail.screens)
        says = {"Authorization": f"Bearer {rail.reader}"}
        told = rail.screens[0].client.post("/api/v1/tag-reads", json={"reads": []}, headers=says)
        assert told.status_code == 200
        page = rail.desk.open("/staff/devices").text
        assert "Heard of at" in page
        assert "Not heard of" not in page
