"""A reader whose antennas take turns: neither of two rooms hears a piece in every second."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from jobs.schedule import new_worker
from tests.builders.brands import new_store
from tests.builders.floor import batch, epc_of, new_device, new_floor
from tests.builders.visitor import Visitor

WELL, BADLY = -60.0, -75.0
Visit = Callable[[], Visitor]


class Rooms:
    """Two rooms with a screen each, and one reader with an antenna in either."""

    def __init__(self, app: Flask, db: Database, clock: FixedClock, visit: Visit) -> None:
        with db.write() as session:
            store = new_store(session)
            self._epc = epc_of(new_floor(session, store).trench_10)
            self._reader = new_device(
                session, store, "reader", zone="Rail", antennas="1 = Room 1, 2 = Room 2"
            )
            screens = [new_device(session, store, "screen", zone=f"Room {at}") for at in (1, 2)]
        self._screens = [visit().sign_in(token, cookie="device") for token in screens]
        self._app, self._db, self._clock = app, db, clock

    def hear(self, antenna: int, rssi: float) -> None:
        """One antenna reads twice within its second."""
        now = self._clock.now()
        twice = [(self._epc, now - timedelta(seconds=back), rssi) for back in (0.3, 0)]
        says = {"Authorization": f"Bearer {self._reader}"}
        told = batch(*twice, antenna=antenna)
        answer = self._app.test_client().post("/api/v1/tag-reads", json=told, headers=says)
        assert answer.status_code == 200

    def wait(self, seconds: int) -> None:
        self._clock.advance(seconds=seconds)
        with self._app.app_context():
            new_worker(self._db).run_all()

    def shown(self) -> list[int]:
        """Which rooms show the piece."""
        pages = enumerate((one.open("/room").text for one in self._screens), 1)
        return [at for at, page in pages if "Harbour trench" in page]


@pytest.fixture
def rooms(app: Flask, db: Database, clock: FixedClock, visit: Visit) -> Rooms:
    clock.advance(seconds=0.5)
    return Rooms(app, db, clock, visit)


def test_a_piece_stays_where_it_is_for_longer_than_reads_are_kept(rooms: Rooms) -> None:
    places = []
    for antenna in (1, 2) * 45:
        rooms.hear(antenna, WELL if antenna == 1 else BADLY)
        places.append(rooms.shown())
        rooms.wait(2)
    assert places == [[1]] * 90, "three minutes, of which two are kept"


def test_a_piece_that_is_only_heard_next_door_now_and_then_has_left(rooms: Rooms) -> None:
    rooms.hear(1, WELL)
    assert rooms.shown() == [1]
    for _ in range(6):
        rooms.wait(5)
        rooms.hear(2, BADLY)
    assert 1 not in rooms.shown()
