"""Devices that ask: readers with a token, screens with a cookie; their guards."""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from flask import g, request
from werkzeug.datastructures import Authorization
from werkzeug.wrappers import Response

from core import clock
from core.errors import Forbidden, Unauthenticated
from core.transaction import database
from retail.brands import vocabulary
from retail.devices import queries, renewal, rules
from retail.devices.queries import DeviceView
from web.auth import GUARDS, SAFE_METHODS, is_same_origin, settings

COOKIE_SECONDS = 400 * 24 * 3600
PAIRING_COOKIE = "pairing"
_TOKEN = re.compile(rf"{rules.TOKEN_PREFIX}[\w-]+", re.ASCII)


def cookie_name(*, is_secure: bool) -> str:
    """A cookie of the browser that is a screen in the shop."""
    return "__Host-device" if is_secure else "device"


def device_token() -> str | None:
    """A device's token: readers send it along, screens have a cookie."""
    sent = token_in(request.headers.get("Authorization"))
    if sent is not None:
        return sent
    if request.method in SAFE_METHODS or is_same_origin():
        return request.cookies.get(cookie_name(is_secure=settings().is_secure))
    return None


def token_in(authorization: str | None) -> str | None:
    """The token that a reader sends: as a bearer token, or as a password beside any name, since
    many readers can be given nothing else.
    """
    given = Authorization.from_header(authorization)
    text = (given.password if given.type == "basic" else given.token) if given else None
    return text if text and _TOKEN.fullmatch(text) else None


def find_device() -> DeviceView | None:
    """The device that asks, if it was let in and not revoked."""
    if "device" not in g:
        token = device_token()
        g.device = None
        if token:
            with database().glances() as ask:
                g.device = queries.glance_at_device(ask, token, key=settings().key)
        vocabulary.speak_to(g.device)
    return cast(DeviceView | None, g.device)


def is_still_let_in() -> bool:
    """Whether the device that asks may still do so, as of now."""
    g.pop("device", None)
    return find_device() is not None


def current_device() -> DeviceView:
    """The device that asks. Raises Unauthenticated."""
    found = find_device()
    if found is None:
        raise Unauthenticated("device_required", "This device was not let in here.")
    return found


def set_device_cookie(response: Response, token: str) -> None:
    """Hand a screen its token, for as long as it stands; no other site can make it be sent."""
    response.set_cookie(
        cookie_name(is_secure=settings().is_secure),
        token,
        max_age=COOKIE_SECONDS,
        secure=settings().is_secure,
        httponly=True,
        samesite="Strict",
    )


def note_seen(response: Response) -> Response:
    """Remember now and then, after the request, that a device is there; hand a screen, kiosk or
    tablet its next token where its own is old.
    """
    # Tablets and kiosks ask for pages that anyone may see, so nothing else looks who they are.
    token = device_token()
    found, now = find_device() if token else None, clock.now()
    if token and found is not None and is_to_note(found, now=now):
        told: dict[str, Any] = {"now": now, "key": settings().key}
        with database().write() as session:
            renewal.note_seen(session, found, token, **told)
            age = _renewed_after(response)
            coming = age and renewal.next_token(session, found, token, age=age, **told)
        if coming:
            set_device_cookie(response, coming)
    return response


def _renewed_after(response: Response) -> timedelta | None:
    """How old a token is when its browser gets another by this answer; None where it may not."""
    name = cookie_name(is_secure=settings().is_secure)
    holds_it = name in request.cookies and token_in(request.headers.get("Authorization")) is None
    # Others may be given an answer that is kept, and a screen that is let in has just got its own.
    kept = response.cache_control
    is_for_all = "Cache-Control" in response.headers and not (kept.private or kept.no_store)
    is_given = any(one.startswith(f"{name}=") for one in response.headers.getlist("Set-Cookie"))
    days = settings().device_token_days
    return timedelta(days=days) if days and holds_it and not (is_for_all or is_given) else None


def is_to_note(found: DeviceView, *, now: datetime) -> bool:
    """Whether something of a device is to be written down: that it is there, or its token anew."""
    is_news = found.seen_at is None or now - found.seen_at >= rules.SEEN_NOTED_EVERY
    return found.is_aged or is_news


def turn_away_revoked_tablets() -> None:
    """Open nothing of the shop's to a tablet that was revoked, whoever is signed in on it.

    Raises Unauthenticated.
    """
    token = request.cookies.get(cookie_name(is_secure=settings().is_secure))
    if not token or not request.path.startswith("/staff"):
        return
    with database().glances() as ask:
        if queries.is_revoked_tablet(ask, token, key=settings().key):
            g.staff = None
            raise Unauthenticated("tablet_revoked", "This tablet was revoked.")


def _reader() -> None:
    if current_device().role != rules.READER:
        raise Forbidden("wrong_device", "This device is no reader.")


def _screen() -> None:
    if current_device().role != rules.SCREEN:
        raise Forbidden("wrong_device", "This device is no screen of a fitting room.")


def _kiosk() -> None:
    if current_device().role != rules.KIOSK:
        raise Forbidden("wrong_device", "This device is no kiosk.")


GUARDS["reader"] = _reader
GUARDS["screen"] = _screen
GUARDS["kiosk"] = _kiosk
