"""Cursors: where a page of a list begins, opaque to whoever pages, checked when it comes back."""

import base64
import binascii
from datetime import datetime, timedelta

from core.errors import Invalid


def pack(text: str) -> str:
    """The ASCII text as a cursor, safe in an address."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(cursor: str) -> str:
    """What `pack` was given. Raises Invalid for anything that is not printable ASCII."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        unpacked = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        raise malformed() from None
    if not unpacked.isprintable():
        raise malformed()
    return unpacked


def pack_instant(at: datetime, last_id: str) -> str:
    """A cursor that begins after what happened then, of several at once after this id."""
    return pack(f"{at.isoformat()} {last_id}")


def read_instant(cursor: str | None) -> tuple[datetime, str] | None:
    """What `pack_instant` packed, None for none. Raises Invalid for anything else."""
    if cursor is None:
        return None
    try:
        at, last_id = unpack(cursor).split(" ")
        instant = datetime.fromisoformat(at)
    except ValueError:
        raise malformed() from None
    # Cursors of ours are in UTC; other offsets could lead out of the calendar.
    if instant.utcoffset() != timedelta(0):
        raise malformed()
    return instant, last_id


def malformed() -> Invalid:
    """The answer to a cursor that is none of ours."""
    sentence = "Send next_after of the page before, unchanged."
    return Invalid("cursor_malformed", sentence, fields={"after": [sentence]})
