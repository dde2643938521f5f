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
from core.transaction import Database, database
from retail.catalogue.models import Style
from retail.devices import queries
from retail.devices import rules as device_rules
from retail.devices import service as devices
from retail.journeys.floor.show_room import RoomPage, show_room
from tests.builders.accounts import new_member
from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room
from tests.builders.visitor import Visitor
from tests.conftest import NOON
from web.language import Templates
from web.pages.castings import GOODS, cast
from web.pages.fitting_room import part

NOW = "/room/now"
# Flask answers it: whoever asks for more than the part does.
ANEW = "/room/now?anew=1"
# What each answer has of its own.
OWN = {"Date", "X-Request-Id", "Content-Security-Policy"}
Act = Callable[[Room], object]


@pytest.fixture
def room(app: Flask, clock: FixedClock) -> Room:
    del clock
    return new_room(app)


def one_piece(room: Room) -> None:
    room.read(epc_of(room.floor.trench_10))


def several(room: Room) -> None:
    one_piece(room)
    room.read(epc_of(room.floor.navy_12))
    room.read(epc_of(room.floor.trench_12))


def something_strange(room: Room) -> None:
    one_piece(room)
    room.read("urn:epc:id:sgtin:9999999.999999.1")


def another_size(room: Room) -> None:
    one_piece(room)
    room.touch("show", variant_id=room.floor.trench_12.id)


def asked_for(room: Room) -> None:
    another_size(room)
    room.touch("ask", variant_id=room.floor.trench_12.id)


def called(room: Room) -> None:
    one_piece(room)
    room.touch("call")


# How a request stands after staff, or its time, did something to it.
STANDS: dict[str, dict[str, object]] = {
    "asked for and late": {"late_at": NOON},
    "accepted": {"state": "accepted", "staff_name": "Mia & Co"},
    "on the way": {"state": "on_way", "staff_name": "Mia"},
    "at the door": {"state": "at_door", "staff_name": "Mia"},
    "lapsed": {"state": "cancelled", "ended_at": NOON, "ended_how": "lapsed"},
    "called off": {"state": "cancelled", "ended_at": NOON, "ended_how": "staff"},
    "brought": {"state": "done", "ended_at": NOON, "staff_name": "Mia"},
}


def bring_about(state: str, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a room in a state."""
    STATES[state](room)

    def standing(*given: Any, **more: Any) -> RoomPage:
        found = show_room(*given, **more)
        asked = (
            replace(one, request=replace(one.request, **STANDS[state]))  # type: ignore[arg-type]
            for one in found.asked
        )
        return replace(found, asked=tuple(asked))

    if state in STANDS:
        monkeypatch.setattr(part, "show_room", standing)


def german(room: Room) -> None:
    several(room)
    room.touch("language", language="de")


def german_and_empty(room: Room) -> None:
    room.touch("language", language="de")


def linking(room: Room) -> None:
    one_piece(room)
    room.touch("link")


def linked(room: Room) -> None:
    several(room)
    with room.app.app_context(), database().write() as session:
        sarah = new_member(session, room.floor.store.brand_id, display_name="Sarah Lewis")
    room.link(room.phone_of(sarah))


def told_of(room: Room) -> None:
    one_piece(room)
    with room.app.app_context(), database().write() as session:
        for style in session.query(Style):
            style.story, style.designer = "Cut by <Ida> & Ola", 'Ida "O\'" Olsen'
            style.origin, style.worn_by = "Leeds", ["Ann", "Bo & Co", "<i>Cy</i>"]
            style.press = [{"on": "2026-01-02", "publication": "A & B", "title": "<New>"}]


STATES: dict[str, Act] = {
    "nobody": lambda room: None,
    "one piece": one_piece,
    "several": several,
    "something strange": something_strange,
    "another size": another_size,
    "asked for": asked_for,
    **dict.fromkeys(STANDS, asked_for),
    "called": called,
    "German": german,
    "German and empty": german_and_empty,
    "a code": linking,
    "a phone": linked,
    "a story": told_of,
}
# Words by number are nobody's to say outside of Flask.
LEFT_TO_FLASK = {"something strange"}


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
