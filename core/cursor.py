"""Cursors: where a page of a list begins, opaque to whoever pages, checked when it comes back."""

import base64
import binascii

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


def malformed() -> Invalid:
    """The answer to a cursor that is none of ours."""
    sentence = "Send next_after of the page before, unchanged."
    return Invalid("cursor_malformed", sentence, fields={"after": [sentence]})
