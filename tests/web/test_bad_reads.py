"""Reads as they should not be: a thousand tags at once, cut short, of another store."""

from typing import Any

import pytest
from flask import Flask

from core import clock as core_clock
from core.transaction import Database
from tests.builders.brands import new_store
from tests.builders.floor import batch, epc_of, new_device
from tests.builders.rooms import STRONG, Room, new_room

MANY = 1_000


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def strong(*epcs: str) -> dict[str, Any]:
    now = core_clock.now()
    return batch(*((epc, now, STRONG) for epc in epcs))


def test_a_thousand_tags_at_once_are_counted_and_shown_as_the_one_piece_that_they_are(
    room: Room,
) -> None:
    trench = [epc_of(room.floor.trench_10, serial=one) for one in range(MANY)]
    strange = [f"urn:epc:id:sgtin:0614141.812345.{one}" for one in range(MANY)]
    assert room.send(strong(*trench)).json["seen"] == MANY
    assert room.send(strong(*strange)).json["unknown"] == MANY
    page = room.shows()
    assert "camel, size 10" in page
    assert len(page) < 10_000, "not a line for each"
    assert "All cleared." in room.touch("end").text


@pytest.mark.parametrize("cut", [2, 8, 20, 23])
def test_an_epc_that_was_cut_short_is_counted_and_costs_no_other(room: Room, cut: int) -> None:
    whole = epc_of(room.floor.trench_10)
    said = room.send(strong(whole[:cut], whole)).json
    assert (said["unreadable"], said["seen"]) == (1, 1)
    assert "Harbour trench" in room.shows()


def test_a_reader_of_another_store_fills_no_room_of_this_one_though_it_is_called_alike(
    room: Room, db: Database
) -> None:
    here = room.floor.store
    with db.write() as session:
        elsewhere = new_store(session, brand_id=here.brand_id)
        alike = {"zone": "Fitting room 4", "antennas": "1 = Fitting room 4"}
        other = new_device(session, elsewhere, "reader", **alike)
    assert room.send(strong(epc_of(room.floor.trench_10)), token=other).json["seen"] == 1
    assert "Bring something in." in room.shows()
