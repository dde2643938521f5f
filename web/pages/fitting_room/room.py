"""The screen of a fitting room: anonymous unless a phone is linked, and wiped after everybody."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, SwingtagError, TooMany
from retail.devices import rules as device_rules
from retail.devices.queries import DeviceView
from retail.fitting_rooms import endings, links, queries, requests, service
from retail.fitting_rooms.rules import ORDER, RoomState, room_closed
from retail.journeys.floor.show_room import is_to_choose
from retail.opinions import queries as opinions
from web import language, screens
from web.auth import guarded, settings
from web.devices import current_device, find_device
from web.errors import STATUS_OF_KIND
from web.fields import read_form
from web.limits import TOUCHES, limited
from web.pages.fitting_room.part import TEMPLATE, content, spot_of, stands_until
from web.pages.fitting_room.words import said_of
from web.pages.fragments import unless_known
from web.pages.letting_in import ROOM, to_let_in
from web.pages.shopper.opinions import as_picture
from web.schemas.devices import LanguageChosen, VariantChosen
from web.translations import ROOM_LANGUAGES
from web.write import glances, read, write

room = guarded(Blueprint("room", __name__), by="anyone")
room_screen = guarded(Blueprint("room_screen", __name__, url_prefix="/room"), by="screen")
View = Callable[..., Any]


def shown_in_room(view: View) -> View:
    """Say on the room's screen, in its language, what cannot be done; stands outside `@write`."""

    @wraps(view)
    def wrapper(**arguments: Any) -> Any:
        try:
            return view(**arguments)
        except (Conflict, Invalid, NotFound, TooMany) as error:
            return _refused(error)

    return wrapper


@room.get("/room")
@read
def show(session: Any) -> Any:
    """The room, or how to let this screen in."""
    device = find_device()
    if device is None:
        return to_let_in(ROOM[1])
    if device.role != device_rules.SCREEN:
        raise Forbidden("wrong_device", "This device is no screen of a fitting room.")
    return render_template("fitting_room/room.html", **_content(session, device))


@room_screen.get("/now")
@read
def now(session: Any) -> Response:
    """The room as it is."""
    seen = screens.watch()
    found = _content(session, current_device())
    if not found["page"].tells_of_somebody:
        screens.keep(seen, until=stands_until(found["page"], found["link"]))
    return unless_known(render_template(TEMPLATE, **found))


@room_screen.get("/opinions/<opinion_id>/picture")
@read
def opinion_picture(session: Any, opinion_id: str) -> Response:
    """A picture that whoever linked their phone has shown here."""
    here = {"zone_id": current_device().zone_id, "now": clock.now(), "key": settings().key}
    return as_picture(opinions.picture_on_screen(session, opinion_id, **here))


@room_screen.get("/cleared")
def cleared() -> str:
    """For three seconds after a wipe, in every language: which was spoken is forgotten."""
    said = []
    for code in ROOM_LANGUAGES:
        language.speak(code)
        said.append((code, language.say("All cleared.")))
    language.speak("")
    return render_template("fitting_room/cleared.html", device=current_device(), said=said)


@room_screen.post("/show")
@shown_in_room
@limited(TOUCHES)
@write
def choose(session: Any) -> Any:
    """Show another piece, size or colour."""
    chosen = _chosen(session)
    service.show(session, _room(session), chosen, now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/ask")
@shown_in_room
@limited(TOUCHES)
@write
def ask(session: Any) -> Any:
    """Ask for a piece to be brought."""
    requests.ask(session, _room(session), _chosen(session), late_after=_late(), now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/order")
@shown_in_room
@limited(TOUCHES)
@write
def order(session: Any) -> Any:
    """Ask that somebody sees to a piece of which none is here."""
    found, chosen = _room(session), _chosen(session)
    requests.ask(session, found, chosen, wants=ORDER, late_after=_late(), now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/call")
@shown_in_room
@limited(TOUCHES)
@write
def call(session: Any) -> Any:
    """Ask that somebody comes, also into a room with nothing in it."""
    found = service.begin(session, spot_of(current_device()), now=clock.now())
    requests.ask(session, found, None, late_after=_late(), now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/requests/<request_id>/cancel")
@shown_in_room
@limited(TOUCHES)
@write
def call_off(session: Any, request_id: str) -> Any:
    """Want it no more."""
    requests.call_off(session, _room(session), request_id, now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/language")
@shown_in_room
@limited(TOUCHES)
@write
def speak(session: Any) -> Any:
    """Speak another language until the room is wiped."""
    chosen, at = read_form(LanguageChosen)["language"], clock.now()
    found = service.begin(session, spot_of(current_device()), now=at)
    service.speak(session, found, chosen, now=at)
    return redirect("/room", 303)


@room_screen.post("/link")
@shown_in_room
@limited(TOUCHES)
@write
def link(session: Any) -> Any:
    """Show a code that links a phone, for a minute."""
    at = clock.now()
    found = service.begin(session, spot_of(current_device()), now=at)
    links.show_code(session, found, now=at, key=settings().key)
    return redirect("/room", 303)


@room_screen.post("/unlink")
@shown_in_room
@limited(TOUCHES)
@write
def unlink(session: Any) -> Any:
    """Take the phone, or the code for one, off this screen."""
    links.take_off(session, _room(session))
    return redirect("/room", 303)


@room_screen.post("/stay")
@shown_in_room
@limited(TOUCHES)
@write
def stay(session: Any) -> Any:
    """Somebody is still there."""
    service.stay(session, _room(session), now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/end")
@shown_in_room
@limited(TOUCHES)
@write
def end(session: Any) -> Any:
    """Clear the screen."""
    found = queries.find_room(session, current_device().zone_id)
    if found is not None:
        endings.end(session, found, now=clock.now())
    return redirect("/room/cleared", 303)


def _content(session: Any, device: DeviceView) -> dict[str, Any]:
    with glances() as ask:
        return content(session, ask, device, settings(), asks="asking" in request.args)


@read
def _refused(session: Any, error: SwingtagError) -> Response:
    page = _content(session, current_device())
    shown = render_template("fitting_room/room.html", note=said_of(error), **page)
    return make_response(shown, STATUS_OF_KIND[error.kind])


def _late() -> timedelta:
    return timedelta(seconds=settings().room_late_seconds)


def _room(session: Any) -> RoomState:
    found = queries.find_room(session, current_device().zone_id)
    if found is None or found.is_over(clock.now()):
        raise room_closed()
    return found


def _chosen(session: Any) -> str:
    """What was touched; only what this room shows can be. Raises NotFound."""
    variant_id: str = read_form(VariantChosen)["variant_id"]
    device = current_device()
    if not is_to_choose(session, spot_of(device), variant_id, _content(session, device)["page"]):
        raise NotFound("piece_not_found", "This isn’t here.")
    return variant_id
