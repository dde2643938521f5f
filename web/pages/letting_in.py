"""How screens of the shop are let in: each shows a code that staff confirm, and begins."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from core import clock
from core.errors import Conflict, Forbidden, NotFound
from retail.devices import rules, service
from web.auth import guarded, settings
from web.devices import PAIRING_COOKIE, find_device, set_device_cookie
from web.limits import DEVICE_CODES, DEVICE_POLLS, limited
from web.write import write

pairing = guarded(Blueprint("pairing", __name__), by="same_origin")
# Where each kind of screen is at home, and its page until it is let in.
ROOM = ("/room", "fitting_room/pairing.html")
KIOSK = ("/kiosk", "kiosk/pairing.html")
TABLET = ("/tablet", "staff/pairing.html")


@pairing.post("/room/pair")
@limited(DEVICE_CODES)
@write
def pair_room(session: Any) -> Any:
    """Have a room's new screen show a code."""
    return _show_code(session, rules.SCREEN, *ROOM)


@pairing.post("/room/paired")
@limited(DEVICE_POLLS)
@write
def paired_room(session: Any) -> Any:
    """Begin, once staff confirmed the code."""
    return _begin(session, *ROOM)


@pairing.post("/kiosk/pair")
@limited(DEVICE_CODES)
@write
def pair_kiosk(session: Any) -> Any:
    """Have a new kiosk show a code."""
    return _show_code(session, rules.KIOSK, *KIOSK)


@pairing.post("/kiosk/paired")
@limited(DEVICE_POLLS)
@write
def paired_kiosk(session: Any) -> Any:
    """Begin, once staff confirmed the code."""
    return _begin(session, *KIOSK)


@pairing.get("/tablet")
def show_tablet() -> Any:
    """How to let a tablet in, for whoever works here; once it is, their pages."""
    device = find_device()
    if device is None:
        return to_let_in(TABLET[1])
    if device.role != rules.TABLET:
        raise Forbidden("wrong_device", "This device is no tablet.")
    return redirect("/staff", 303)


@pairing.post("/tablet/pair")
@limited(DEVICE_CODES)
@write
def pair_tablet(session: Any) -> Any:
    """Have a new tablet show a code."""
    return _show_code(session, rules.TABLET, *TABLET)


@pairing.post("/tablet/paired")
@limited(DEVICE_POLLS)
@write
def paired_tablet(session: Any) -> Any:
    """Begin, once staff confirmed the code."""
    return _begin(session, *TABLET)


def to_let_in(template: str, *, waits: bool = False) -> str:
    """The page of a screen that was not let in yet."""
    shown = request.cookies.get(PAIRING_COOKIE, "").rpartition(".")[2]
    return render_template(template, code=shown[:12], waits=waits)


def _show_code(session: Any, role: str, home: str, _template: str) -> Any:
    told = {"public_url": settings().public_url, "now": clock.now(), "key": settings().key}
    code = service.ask(session, role, **told)
    answer = redirect(home, 303)
    kept: dict[str, Any] = {"secure": settings().is_secure, "httponly": True, "samesite": "Strict"}
    codes = f"{code.device_code}.{code.user_code}"
    answer.set_cookie(PAIRING_COOKIE, codes, max_age=code.expires_in, **kept)
    return answer


def _begin(session: Any, home: str, template: str) -> Any:
    held, answer = request.cookies.get(PAIRING_COOKIE, "").rpartition(".")[0], redirect(home, 303)
    try:
        token = service.collect(session, held, now=clock.now(), key=settings().key)
    except (Conflict, NotFound) as error:
        return to_let_in(template, waits=isinstance(error, Conflict))
    set_device_cookie(answer, token.access_token)
    answer.delete_cookie(PAIRING_COOKIE, secure=settings().is_secure, samesite="Strict")
    return answer
