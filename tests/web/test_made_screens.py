"""A room's part that is made before Flask: as Flask has it in each state, for the same screens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from jinja2 import pass_environment
from markupsafe import Markup

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.devices import queries
from retail.devices import rules as device_rules
from retail.devices import service as devices
from retail.journeys.floor.show_room import RoomPage, show_what_is_here
from tests.builders.room_states import (
    STANDS,
    STATES,
    another_size,
    german,
    linked,
    one_piece,
    several,
    told_of,
)
from tests.builders.rooms import Room, new_room
from tests.builders.visitor import Visitor
from web.language import Templates
from web.pages.castings import GOODS, cast
from web.pages.fitting_room import part

NOW = "/room/now"
# Flask answers it: whoever asks for more than the part does.
ANEW = "/room/now?anew=1"
# What each answer has of its own.
OWN = {"Date", "X-Request-Id", "Content-Security-Policy"}


@pytest.fixture
def room(app: Flask, clock: FixedClock) -> Room:
    del clock
    return new_room(app)


def bring_about(state: str, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a room in a state."""
    STATES[state](room)

    def standing(*given: Any, **more: Any) -> RoomPage:
        found = show_what_is_here(*given, **more)
        asked = (
            replace(one, request=replace(one.request, **STANDS[state]))  # type: ignore[arg-type]
            for one in found.asked
        )
        return replace(found, asked=tuple(asked))

    if state in STANDS:
        monkeypatch.setattr(part, "show_what_is_here", standing)


# Words by number are nobody's to say outside of Flask.
LEFT_TO_FLASK = {"something strange", "a friend likes it"}


@pytest.mark.parametrize("state", STATES)
def test_what_is_made_in_front_is_what_flask_answers(
    room: Room, state: str, reaches_flask: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_about(state, room, monkeypatch)
    by_flask = room.screen.api("GET", ANEW)
    reaches_flask.clear()
    made = room.screen.api("GET", NOW)
    assert bool(reaches_flask) == (state in LEFT_TO_FLASK)
    assert (made.status_code, made.data) == (200, by_flask.data)
    assert {name: value for name, value in made.headers if name not in OWN} == {
        name: value for name, value in by_flask.headers if name not in OWN
    }
    assert made.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src")


@pytest.mark.parametrize("state", STATES)
def test_cast_parts_are_what_their_template_says(
    app: Flask, room: Room, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Others were there before: what was cast for them must not be given to these.
    for other in (told_of, german, linked):
        other(room)
        room.screen.api("GET", ANEW)
        room.touch("end")
    bring_about(state, room, monkeypatch)
    kept = room.screen.api("GET", ANEW).data
    assert rendered_anew(app, room, monkeypatch) == kept


def rendered_anew(app: Flask, room: Room, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The part with nothing cast beforehand, from templates that are compiled for it."""

    @pass_environment
    def uncast(environment: Templates, name: str, *values: object) -> Markup:
        found: Markup = getattr(environment.get_template(GOODS).module, name)(*values)
        return found

    monkeypatch.setitem(app.jinja_env.filters, "cast", uncast)
    forget_templates(app)
    found: bytes = room.screen.api("GET", ANEW).data
    return found


def forget_templates(app: Flask) -> None:
    for environment in (app.jinja_env, *app.jinja_env._by_manner.values()):  # type: ignore[attr-defined]
        environment.cache.clear()


def test_control_parts_cast_by_piece_alone_are_caught(
    app: Flask, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[object, Markup] = {}

    @pass_environment
    def naive(environment: Templates, name: str, *values: object) -> Markup:
        if (name, values[0]) not in kept:
            kept[name, values[0]] = cast(environment, name, *values)  # type: ignore[arg-type]
        return kept[name, values[0]]

    monkeypatch.setitem(app.jinja_env.filters, "cast", naive)
    forget_templates(app)
    one_piece(room)
    room.screen.api("GET", ANEW)
    another_size(room)
    kept_wrongly = room.screen.api("GET", ANEW).data
    assert rendered_anew(app, room, monkeypatch) != kept_wrongly


def test_equal_values_of_other_types_are_other_parts(app: Flask) -> None:
    with app.test_request_context():
        environment = app.jinja_env.get_template(GOODS).environment
        assert isinstance(environment, Templates)
        safe = cast(environment, "bring_tip", "1", Markup("<b>"))
        assert "<b>" in safe
        assert "<b>" not in cast(environment, "bring_tip", "1", "<b>")


def test_a_part_that_the_screen_has_is_not_sent_again(room: Room, reaches_flask: list[str]) -> None:
    one_piece(room)
    old = room.screen.api("GET", ANEW).headers["ETag"]
    reaches_flask.clear()
    known = room.screen.client.get(NOW, headers={"If-None-Match": old})
    assert (known.status_code, known.data) == (304, b"")
    several(room)
    reaches_flask.clear()
    other = room.screen.client.get(NOW, headers={"If-None-Match": old})
    assert other.status_code == 200
    assert b"size 12" in other.data
    assert not reaches_flask
    many = room.screen.client.get(NOW, headers={"If-None-Match": f'"a", {other.headers["ETag"]}'})
    assert many.status_code == 304
    assert reaches_flask


def test_who_is_not_this_screen_alone_is_left_to_flask(
    room: Room, visit: Callable[[], Visitor], db: Database, reaches_flask: list[str]
) -> None:
    one_piece(room)
    room.screen.api("GET", ANEW)
    token = room.screen.client.get_cookie("device")
    assert token is not None
    stranger = visit()
    for cookie in (f"device={token.value}; member=x", f"other={token.value}", "device=sd_wrong"):
        reaches_flask.clear()
        stranger.client.get(NOW, headers={"Cookie": cookie})
        assert reaches_flask
    with db.write() as session:
        for one in queries.devices_in(session, [room.floor.store.id]):
            devices.revoke(session, one, now=core_clock.now())
    reaches_flask.clear()
    assert room.screen.api("GET", NOW).status_code == 401
    assert reaches_flask


def test_that_a_screen_is_there_is_written_down_though_its_part_is_made(
    room: Room, clock: FixedClock, db: Database
) -> None:
    one_piece(room)
    room.screen.api("GET", ANEW)
    clock.advance(seconds=device_rules.SEEN_NOTED_EVERY.total_seconds())
    room.screen.api("GET", NOW)
    with db.read() as session:
        found = queries.devices_in(session, [room.floor.store.id])
    seen = {one.seen_at for one in found if one.role == device_rules.SCREEN}
    assert core_clock.now() in seen


def test_who_linked_a_phone_is_kept_nowhere_and_gone_after_the_wipe(room: Room) -> None:
    linked(room)
    assert "Unlink phone" in room.screen.api("GET", NOW).get_data(as_text=True)
    room.touch("end")
    cleared = room.screen.api("GET", NOW).get_data(as_text=True)
    assert "Bring something in." in cleared
    assert "Unlink phone" not in cleared
