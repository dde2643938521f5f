"""The screen of a fitting room: anonymous unless a phone is linked, and wiped after everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, SwingtagError, TooMany
from retail.devices import rules as device_rules
from retail.devices.queries import DeviceView
from retail.fitting_rooms import links, queries, requests, service
from retail.fitting_rooms.rules import RoomState, Spot, room_closed
from retail.journeys.floor.show_room import RoomPage, is_to_choose, show_room
from retail.journeys.offers.rank_goods import ranker_of
from retail.opinions import queries as opinions
from web import language, screens
from web.auth import guarded, settings
from web.devices import current_device, find_device
from web.errors import STATUS_OF_KIND
from web.fields import read_form
from web.limits import TOUCHES, limited
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


@dataclass(frozen=True)
class ShownCode:
    """The code that links a phone, and the address that it opens there."""

    code: str
    address: str


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
    return render_template("fitting_room/room.html", **content(session, device))


@room_screen.get("/now")
@read
def now(session: Any) -> Response:
    """The room as it is."""
    seen = screens.watch()
    found = content(session, current_device())
    if not found["page"].tells_of_somebody:
        screens.keep(seen, until=_stands_until(found["page"], found["link"]))
    return unless_known(render_template("fitting_room/now.html", **found))


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


@room_screen.post("/call")
@shown_in_room
@limited(TOUCHES)
@write
def call(session: Any) -> Any:
    """Ask that somebody comes, also into a room with nothing in it."""
    found = service.begin(session, _spot(current_device()), now=clock.now())
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
    found = service.begin(session, _spot(current_device()), now=at)
    service.speak(session, found, chosen, now=at)
    return redirect("/room", 303)


@room_screen.post("/link")
@shown_in_room
@limited(TOUCHES)
@write
def link(session: Any) -> Any:
    """Show a code that links a phone, for a minute."""
    at = clock.now()
    found = service.begin(session, _spot(current_device()), now=at)
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
        service.end(session, found, now=clock.now())
    return redirect("/room/cleared", 303)


def content(session: Any, device: DeviceView) -> dict[str, Any]:
    """Everything that a screen shows, in the language that it speaks from here on."""
    page, now = _page(session, device), clock.now()
    spoken = page.room.language if page.room else ""
    language.speak(spoken)
    told = {"page_lang": spoken, "languages": ROOM_LANGUAGES, "now": now}
    told |= {"link": _code_of(page, now), "asking": _asking(page)}
    return {"device": device, "page": page, **told}


@read
def _refused(session: Any, error: SwingtagError) -> Response:
    page = content(session, current_device())
    shown = render_template("fitting_room/room.html", note=said_of(error), **page)
    return make_response(shown, STATUS_OF_KIND[error.kind])


def _code_of(page: RoomPage, now: Any) -> ShownCode | None:
    code = links.code_shown(page.room, now=now, key=settings().key) if page.room else None
    if code is None or page.shopper is not None:
        return None
    return ShownCode(code, f"{settings().public_url.rstrip('/')}/me/room?code={code}")


def _stands_until(page: RoomPage, code: ShownCode | None) -> datetime | None:
    """When what a screen shows is not so any more even if nothing happens; None for never."""
    ends = [page.fresh_until, page.room.clears_at if page.room else None]
    ends += [page.room.link_until if page.room and code else None]
    return min((end for end in ends if end is not None), default=None)


def _asking(page: RoomPage) -> str:
    """Where a linked phone asks friends, once that was touched and until they are asked."""
    if "asking" not in request.args or page.shopper is None or page.shopper.opinion is not None:
        return ""
    return f"{settings().public_url.rstrip('/')}/me/opinions/new"


def _late() -> timedelta:
    return timedelta(seconds=settings().room_late_seconds)


def _page(session: Any, device: DeviceView) -> RoomPage:
    ranker = ranker_of(device.brand_id, settings().data_dir)
    with glances() as ask:
        return show_room(ask, session, _spot(device), ranker=ranker, now=clock.now())


def _spot(device: DeviceView) -> Spot:
    return Spot(device.brand_id, device.store_id, device.zone_id)


def _room(session: Any) -> RoomState:
    found = queries.find_room(session, current_device().zone_id)
    if found is None:
        raise room_closed()
    return found


def _chosen(session: Any) -> str:
    """What was touched; only what this room shows can be. Raises NotFound."""
    variant_id: str = read_form(VariantChosen)["variant_id"]
    device = current_device()
    if not is_to_choose(session, _spot(device), variant_id, _page(session, device)):
        raise NotFound("piece_not_found", "This isn't here.")
    return variant_id
