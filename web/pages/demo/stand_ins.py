"""Being a device of the demo in one's own browser; as the mailbox, for a development only."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from core.errors import NotFound
from web.auth import guarded, set_staff_cookie, settings, staff_cookie_name
from web.devices import cookie_name, set_device_cookie

# Left in the data folder by a demo: what its devices are, and their cookies.
STAND_INS = "stand_ins.json"

stand_ins = guarded(Blueprint("stand_ins", __name__), by="development")


@dataclass(frozen=True)
class StandIn:
    """A device that somebody can be: `kind` is room, kiosk or tablet, `place` its number from 1.

    `store` is the store's slug.
    """

    place: int
    store: str
    title: str
    kind: str
    path: str
    cookies: dict[str, str]

    @property
    def address(self) -> str:
        """Where one becomes it."""
        return f"/dev/devices/{self.place}"


@stand_ins.get("/dev/devices/<int:place>")
def become(place: int) -> Response:
    """Be this device from now on, in this browser."""
    one = next((each for each in read_stand_ins() if each.place == place), None)
    if one is None:
        raise NotFound("device_not_found", "The demo let no such device in.")
    return _holding(redirect(one.path, 303), one.cookies)


def read_stand_ins() -> list[StandIn]:
    """The devices that one can be here; none where no demo let any in."""
    file = settings().data_dir / STAND_INS
    if not settings().is_development or not file.exists():
        return []
    return [StandIn(number, **one) for number, one in enumerate(json.loads(file.read_text()), 1)]


def apart(base_address: str, one: StandIn) -> str:
    """The address at which to become it: on this machine each has a host of its own.

    Cookies are a host's, so one browser can be all of them beside one another. What ends in
    .localhost is this machine: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    """
    parts = urlsplit(base_address)
    if parts.hostname != "localhost":
        return f"{base_address}{one.address}"
    host = f"{one.kind}-{one.place}.{parts.netloc}"
    return f"{parts.scheme}://{host}{one.address}"


def _holding(answer: Response, cookies: dict[str, str]) -> Response:
    if device := cookies.get(cookie_name(is_secure=settings().is_secure)):
        set_device_cookie(answer, device)
    if session := cookies.get(staff_cookie_name()):
        set_staff_cookie(answer, session)
    return answer
