"""A room's part whose text is kept: for what it says, of goods as they are, and of nobody."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.catalogue import service
from retail.catalogue.known import known_styles
from retail.catalogue.queries import get_style
from retail.journeys.floor.show_room import RoomPage
from retail.room_page import queries
from tests.builders.room_friends import a_new, friends_answered
from tests.builders.rooms import Room, new_room
from web.pages.fitting_room import part

NOW = "/room/now"
Renders = Callable[[], int]


@pytest.fixture
def room(app: Flask) -> Room:
    found = new_room(app)
    found.read(a_new(found.floor.trench_10))
    # In words that nobody asked Flask for yet, nothing is made before it.
    found.screen.api("GET", f"{NOW}?anew=1")
    return found


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> Renders:
    """How often a part was put together before Flask since the last time that this was asked."""
    done: list[object] = []
    usual = part._text

    def noting(*given: Any) -> Any:
        done.append(given)
        return usual(*given)

    def since() -> int:
        found = len(done)
        done.clear()
        return found

    monkeypatch.setattr(part, "_text", noting)
    return since


def shown(room: Room) -> str:
    return room.screen.api("GET", NOW).get_data(as_text=True)


def another_name(room: Room, db: Database) -> None:
    """Rename the coat, of which no event tells."""
    floor = room.floor
    with db.write() as session:
        style = get_style(session, floor.store.brand_id, floor.trench_10.style_id)
        row = {"code": style.code, "name": "Pier trench", "category_code": style.category_code}
        service.save_styles(session, floor.store.brand_id, [row], now=core_clock.now())


def test_what_says_the_same_is_not_put_together_again(
    room: Room, clock: FixedClock, renders: Renders
) -> None:
    first = shown(room)
    assert renders() == 1
    clock.advance(seconds=2)
    assert shown(room) == first
    assert renders() == 0
    room.read(a_new(room.floor.navy_12))
    assert shown(room) != first
    assert renders() == 1


def test_what_tells_of_somebody_is_put_together_each_time(
    room: Room, clock: FixedClock, renders: Renders
) -> None:
    friends_answered(room)
    shown(room)
    renders()
    for _ in range(2):
        clock.advance(seconds=2)
        assert "Priya" in shown(room)
        assert renders() == 1


def test_control_a_text_kept_for_its_screen_alone_shows_what_was(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown(room)
    monkeypatch.setattr(RoomPage, "__eq__", lambda *_: True)
    room.read(a_new(room.floor.navy_12))
    assert shown(room) == before


def test_goods_show_as_they_are_a_second_later(room: Room, clock: FixedClock, db: Database) -> None:
    assert "Harbour trench" in shown(room)
    another_name(room, db)
    clock.advance(seconds=1)
    assert "Pier trench" in shown(room)
    assert "Harbour trench" not in shown(room)


def test_control_goods_known_without_their_edition_show_as_they_were(
    room: Room, clock: FixedClock, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def timeless(ask: Any, brand_id: str, _: int | None, style_ids: Any) -> Any:
        return known_styles(ask, brand_id, 1, style_ids)

    monkeypatch.setattr(queries, "known_styles", timeless)
    assert "Harbour trench" in shown(room)
    another_name(room, db)
    clock.advance(seconds=1)
    assert "Harbour trench" in shown(room)
