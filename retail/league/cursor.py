"""Cursors of standings: opaque to whoever pages, and checked when they come back."""

import base64
import binascii
from datetime import datetime

from core.errors import Invalid


def of_standing(seen: tuple[int, datetime, str]) -> str:
    """A cursor that begins after this score, instant and owner of a live board."""
    score, reached_at, owner_id = seen
    return _packed(f"{score} {reached_at.isoformat()} {owner_id}")


def read_standing(text: str | None) -> tuple[int, datetime, str] | None:
    """What `of_standing` packed. Raises Invalid for anything else."""
    if text is None:
        return None
    try:
        score, reached_at, owner_id = _unpacked(text).split(" ")
        instant = datetime.fromisoformat(reached_at)
        number = int(score)
    except ValueError:
        raise _malformed() from None
    if instant.tzinfo is None or not 0 <= number < 2**31:
        raise _malformed()
    return number, instant, owner_id


def of_place(place: int) -> str:
    """A cursor that begins after this place of a closed season."""
    return _packed(str(place))


def read_place(text: str | None) -> int:
    """What `of_place` packed, 0 for none. Raises Invalid for anything else."""
    if text is None:
        return 0
    unpacked = _unpacked(text)
    if not unpacked.isdecimal() or len(unpacked) > 9:
        raise _malformed()
    return int(unpacked)


def _packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _unpacked(text: str) -> str:
    try:
        padded = text + "=" * (-len(text) % 4)
        unpacked = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise _malformed() from None
    if not unpacked.isprintable():
        raise _malformed()
    return unpacked


def _malformed() -> Invalid:
    sentence = "Send next_after of the page before, unchanged."
    return Invalid("cursor_malformed", sentence, fields={"after": [sentence]})
