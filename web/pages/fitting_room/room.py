"""The screen of a fitting room: let in once, then anonymous, and wiped after everybody."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from core import clock
from core.errors import Conflict, Forbidden, NotFound, SwingtagError
from retail.devices import rules as device_rules
from retail.devices import service as devices
from retail.devices.queries import DeviceView
from retail.fitting_rooms import queries, requests, service
from retail.fitting_rooms.rules import RoomState, Spot, room_closed
from retail.journeys.floor.show_room import RoomPage, is_to_choose, show_room
from retail.journeys.offers.rank_goods import ranker_of
from web.auth import guarded, settings
from web.devices import PAIRING_COOKIE, current_device, find_device, set_device_cookie
from web.fields import read_form
from web.limits import DEVICE_CODES, DEVICE_POLLS, TOUCHES, limited
from web.pages.fragments import unless_known
from web.schemas.devices import VariantChosen
from web.write import read, write

room = guarded(Blueprint("room", __name__), by="anyone")
pairing = guarded(Blueprint("pairing", __name__), by="same_origin")
room_screen = guarded(Blueprint("room_screen", __name__, url_prefix="/room"), by="screen")


@room.get("/room")
@read
def show(session: Any, note: str = "") -> Any:
    """The room, or how to let this screen in."""
    device = find_device()
    if device is None:
        return _to_let_in(waits=False)
    if device.role != device_rules.SCREEN:
        raise Forbidden("wrong_device", "This device is no screen of a fitting room.")
    return render_template("fitting_room/room.html", note=note, **content(session, device))


@pairing.post("/room/pair")
@limited(DEVICE_CODES)
@write
def pair(session: Any) -> Any:
    """Show a code that staff confirm."""
    told = {"public_url": settings().public_url, "now": clock.now(), "key": settings().key}
    code = devices.ask(session, device_rules.SCREEN, **told)
    answer = redirect("/room", 303)
    _keep(answer, f"{code.device_code}.{code.user_code}", code.expires_in)
    return answer


@pairing.post("/room/paired")
@limited(DEVICE_POLLS)
@write
def paired(session: Any) -> Any:
    """Begin, once staff confirmed the code."""
    held, answer = _held(), redirect("/room", 303)
    try:
        token = devices.collect(session, held, now=clock.now(), key=settings().key)
    except (Conflict, NotFound) as error:
        return _to_let_in(waits=isinstance(error, Conflict))
    return _begun(answer, token.access_token)


@room_screen.get("/now")
@read
def now(session: Any) -> Response:
    """The room as it is."""
    found = content(session, current_device())
    return unless_known(render_template("fitting_room/now.html", **found))


@room_screen.get("/cleared")
def cleared() -> str:
    """For three seconds after a wipe."""
    return render_template("fitting_room/cleared.html", device=current_device())


@room_screen.post("/show")
@limited(TOUCHES)
@write
def choose(session: Any) -> Any:
    """Show another piece, size or colour."""
    chosen = _chosen(session)
    service.show(session, _room(session), chosen, now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/ask")
@limited(TOUCHES)
def ask() -> Any:
    """Ask for a piece to be brought."""
    try:
        _ask()
    except Conflict as error:
        return _again(error)
    return redirect("/room", 303)


@room_screen.post("/requests/<request_id>/cancel")
@limited(TOUCHES)
@write
def call_off(session: Any, request_id: str) -> Any:
    """Want it no more."""
    requests.call_off(session, _room(session), request_id, now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/stay")
@limited(TOUCHES)
@write
def stay(session: Any) -> Any:
    """Somebody is still there."""
    service.stay(session, _room(session), now=clock.now())
    return redirect("/room", 303)


@room_screen.post("/end")
@limited(TOUCHES)
@write
def end(session: Any) -> Any:
    """Clear the screen."""
    found = queries.find_room(session, current_device().zone_id)
    if found is not None:
        service.end(session, found, now=clock.now())
    return redirect("/room/cleared", 303)


@write
def _ask(session: Any) -> None:
    requests.ask(session, _room(session), _chosen(session), now=clock.now())


@read
def _again(session: Any, error: SwingtagError) -> Any:
    page = content(session, current_device())
    return render_template("fitting_room/room.html", note=error.detail, **page), 409


def content(session: Any, device: DeviceView) -> dict[str, Any]:
    """Everything that a screen shows; about goods alone."""
    return {"device": device, "page": _page(session, device)}


def _page(session: Any, device: DeviceView) -> RoomPage:
    ranker = ranker_of(device.brand_id, settings().data_dir)
    return show_room(session, _spot(device), ranker=ranker, now=clock.now())


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
        raise NotFound("piece_not_found", "This piece isn't here.")
    return variant_id


def _to_let_in(*, waits: bool) -> str:
    shown = request.cookies.get(PAIRING_COOKIE, "").rpartition(".")[2]
    return render_template("fitting_room/pairing.html", code=shown[:12], waits=waits)


def _held() -> str:
    return request.cookies.get(PAIRING_COOKIE, "").rpartition(".")[0]


def _keep(answer: Response, codes: str, seconds: int) -> None:
    told: dict[str, Any] = {"secure": settings().is_secure, "httponly": True, "samesite": "Strict"}
    answer.set_cookie(PAIRING_COOKIE, codes, max_age=seconds, **told)


def _begun(answer: Response, token: str) -> Response:
    set_device_cookie(answer, token)
    answer.delete_cookie(PAIRING_COOKIE, secure=settings().is_secure, samesite="Strict")
    return answer
