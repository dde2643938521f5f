"""How devices are let in: the OAuth device flow, as an API."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.devices import renewal, rules, service
from retail.devices.service import NewCode, NewToken
from web.auth import guarded, settings
from web.devices import current_device, device_token, note_seen, turn_away_revoked_tablets
from web.limits import DEVICE_CODES, DEVICE_POLLS, limited
from web.openapi import schema_of
from web.schemas.devices import DeviceCodeHeld, DeviceWish
from web.write import write

devices = guarded(
    Blueprint("devices", __name__, description="Screens, readers, kiosks and tablets"), "anyone"
)
reader_tokens = guarded(
    Blueprint("reader_tokens", __name__, description="The tokens of readers"), "reader"
)
devices.before_app_request(turn_away_revoked_tablets)
devices.after_app_request(note_seen)


@devices.post("/devices/codes")
@limited(DEVICE_CODES)
@write
@devices.arguments(DeviceWish)
@devices.response(201, schema_of(NewCode))
def ask(session: Any, wish: dict[str, str]) -> NewCode:
    """Ask to be let in: a code to hold, and one that staff confirm at /staff/devices."""
    key, now = settings().key, clock.now()
    return service.ask(session, wish["role"], public_url=settings().public_url, now=now, key=key)


@devices.post("/devices/tokens")
@limited(DEVICE_POLLS)
@write
@devices.arguments(DeviceCodeHeld)
@devices.response(200, schema_of(NewToken))
def collect(session: Any, held: dict[str, str]) -> NewToken:
    """The device's token, once; 409 `authorization_pending` until staff let it in."""
    return service.collect(session, held["device_code"], now=clock.now(), key=settings().key)


@reader_tokens.post("/devices/tokens/next")
@limited(DEVICE_POLLS)
@write
@reader_tokens.response(200, schema_of(NewToken))
def renew(session: Any) -> NewToken:
    """Another token for this reader; once it was used for a minute, the one before is dead."""
    key, now = settings().key, clock.now()
    coming = renewal.next_token(session, current_device(), device_token() or "", now=now, key=key)
    if coming is None:
        raise rules.already_renewed()
    return NewToken(coming)
