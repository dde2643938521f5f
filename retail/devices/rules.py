"""What devices are, how long their codes live, and what staff say of them. Pure."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import Conflict, Invalid, NotFound
from core.ids import crockford, group

SCREEN, READER, KIOSK, TABLET = ROLES = ("screen", "reader", "kiosk", "tablet")
CODE_LIFETIME = timedelta(minutes=10)
POLL_SECONDS = 5
SEEN_NOTED_EVERY = timedelta(minutes=1)
SILENT_AFTER = timedelta(minutes=10)
TOKEN_PREFIX = "sd_"  # noqa: S105 (the beginning of every token, no token)
ZONE_LENGTH, NAME_LENGTH = 40, 60
_CODE_LENGTH = 8
_ANTENNA = re.compile(r"\s*([0-9]{1,3})\s*=\s*(.+)")


@dataclass(frozen=True)
class Place:
    """Where a device is to stand and what it is to be called; `antennas` zone names by port."""

    store_id: str
    zone: str
    name: str
    antennas: dict[str, str]


def new_shown_code() -> str:
    """Forty random bits in eight characters that somebody reads off and types."""
    return crockford(secrets.randbits(5 * _CODE_LENGTH), _CODE_LENGTH)


def in_groups(code: str) -> str:
    """A shown code as one reads it out."""
    return group(code, 4)


def check_place(store_id: str, zone: str, name: str, antennas: str) -> Place:
    """What somebody typed, tidy; antennas such as `1 = Room 1, 2 = Room 2`. Raises Invalid."""
    problems: dict[str, list[str]] = {}
    tidy_zone, tidy_name = " ".join(zone.split()), " ".join(name.split())
    if not 1 <= len(tidy_zone) <= ZONE_LENGTH:
        problems["zone"] = ["Say where it stands, in at most 40 characters."]
    if len(tidy_name) > NAME_LENGTH:
        problems["name"] = ["At most 60 characters."]
    by_port: dict[str, str] = {}
    try:
        by_port = read_antennas(antennas)
    except Invalid as error:
        problems |= error.data["fields"]
    if problems:
        raise Invalid("device_invalid", "This device can’t be let in like that.", fields=problems)
    return Place(store_id, tidy_zone, tidy_name or tidy_zone, by_port)


def read_antennas(text: str) -> dict[str, str]:
    """Zone names by port, from such as `1 = Room 1, 2 = Room 2`. Raises Invalid."""
    by_port: dict[str, str] = {}
    for part in filter(str.strip, re.split(r"[,\n]", text)):
        found = _ANTENNA.fullmatch(part)
        port = str(int(found[1])) if found else ""
        if found is None or port in by_port or len(found[2].strip()) > ZONE_LENGTH:
            sentence = "Write them like 1 = Fitting room 1, 2 = Fitting room 2, each once."
            raise Invalid("antennas_invalid", sentence, fields={"antennas": [sentence]})
        by_port[port] = " ".join(found[2].split())
    return by_port


def as_typed(antennas: Mapping[str, str]) -> str:
    """Antennas as `read_antennas` reads them, by port."""
    return ", ".join(f"{port} = {antennas[port]}" for port in sorted(antennas, key=int))


def topic_of(device_id: str) -> str:
    """What is announced when a device was revoked: its live streams end with it."""
    return f"device:{device_id}"


def check_role(role: str) -> str:
    """A role that there is. Raises Invalid."""
    if role not in ROLES:
        raise Invalid("role_invalid", f"A device is one of: {', '.join(ROLES)}.")
    return role


def is_silent(seen_at: datetime | None, now: datetime) -> bool:
    """Whether a device was not heard of for so long that somebody should look."""
    return seen_at is None or now - seen_at > SILENT_AFTER


def code_not_found() -> NotFound:
    """The one answer for codes that are wrong, old or used."""
    return NotFound("device_code_not_found", "No device shows this code just now.")


def code_not_shown() -> Invalid:
    """The one answer to staff who typed a code that is wrong, old or used."""
    sentence = "No device shows this code just now."
    return Invalid("device_code_unknown", sentence, fields={"code": [sentence]})


def no_antennas() -> Invalid:
    """What is said to whoever gives a screen antennas."""
    sentence = "Only readers have antennas."
    return Invalid("device_invalid", sentence, fields={"antennas": [sentence]})


def pending() -> Conflict:
    """Nobody confirmed the device yet; RFC 8628 calls it so."""
    return Conflict("authorization_pending", "Nobody let this device in yet. Ask again in a while.")


def already_renewed() -> Conflict:
    """A token asks for the one after it, but has one before it that still counts."""
    return Conflict("token_not_used", "Use this token for a minute before you ask for another.")
