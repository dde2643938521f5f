"""What tablets say of rooms that wait, on a page of its own and beside those who checked in."""

import pytest
from flask import Flask

from core.clock import FixedClock
from core.transaction import Database
from retail.catalogue.places import save_places
from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room

QUEUE = "/staff/requests"


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def beside(room: Room) -> str:
    """What stands beside those who checked in, in the one store there is."""
    return room.tablet.open("/staff/greetings").text.partition("Fitting rooms")[2]


def test_both_pages_say_since_when_a_room_waits(room: Room, clock: FixedClock) -> None:
    room.touch("call")
    began = clock.now().isoformat()
    clock.advance(seconds=61)
    now = clock.now().isoformat()
    for path in (QUEUE, "/staff/greetings"):
        page = room.tablet.open(path).text
        assert f'data-since="{began}" data-words="Waiting {{time}}">Waits for somebody' in page
        assert f'data-now="{now}"' in page


def test_a_room_that_calls_for_no_piece_stands_beside_who_checked_in(room: Room) -> None:
    room.touch("call")
    assert beside(room).count("Fitting room 4: somebody to come") == 1
    address = room.request()
    room.tablet.open(address).send(f"{address}/accept")
    assert "Jo goes" in beside(room)
    room.read(epc_of(room.floor.trench_10))
    room.touch("ask", variant_id=room.floor.trench_12.id)
    assert "Fitting room 4: Harbour trench" in beside(room)


def test_whoever_fetches_a_piece_is_told_where_it_lies_and_the_room_is_not(
    room: Room, db: Database
) -> None:
    store, piece = room.floor.store, room.floor.trench_12
    with db.write() as session:
        save_places(session, store.brand_id, store.id, {piece.id: "Rail 7, near the window"})
    room.read(epc_of(room.floor.trench_10))
    assert "Rail 7" not in room.touch("ask", variant_id=piece.id).text
    for text in (room.tablet.open(QUEUE).text, beside(room)):
        assert "Camel, Rail 7, near the window" in text
    page = room.tablet.open(room.request()).text
    assert "Rail 7, near the window" in page
    assert piece.sku in page


def test_the_oldest_comes_first_on_both_pages(room: Room, clock: FixedClock) -> None:
    room.read(epc_of(room.floor.trench_10))
    room.touch("ask", variant_id=room.floor.trench_12.id)
    clock.advance(seconds=5)
    room.touch("call")
    for text in (room.tablet.open(QUEUE).text, beside(room)):
        assert text.index("Harbour trench") < text.index("somebody to come")


def test_how_many_are_open_is_said_where_it_changes(room: Room) -> None:
    room.touch("call")
    page = room.tablet.open(QUEUE).text
    assert 'data-announce="Requests: {n}"' in page
    assert '<span class="n">1</span> open' in page
