"""What may be sent to a friend, and how much of it. Pure."""

import hashlib
from collections.abc import Collection
from datetime import timedelta

from core.errors import Conflict, Invalid, NotFound, TooMany
from retail.outfits.rules import CAPTION_LENGTH, clean_caption
from retail.wall_rules.rules import has_banned

LINE_LENGTH = CAPTION_LENGTH
DAY = timedelta(days=1)
MOST_A_DAY = 20
MOST_LISTED = 100


def clean_line(line: str, banned: Collection[str]) -> str:
    """The line as a caption would be cleaned. Raises Invalid as that does, and for banned words."""
    try:
        cleaned = clean_caption(line)
    except Invalid as error:
        code = error.code.replace("caption", "line")
        raise Invalid(code, error.detail, fields={"line": [error.detail]}) from error
    if has_banned(cleaned, banned):
        sentence = "Say it in other words, please."
        raise Invalid("line_refused", sentence, fields={"line": [sentence]})
    return cleaned


def check_room(sent_today: int) -> None:
    """Raises TooMany with enough sent within a day."""
    if sent_today >= MOST_A_DAY:
        sentence = f"That’s {MOST_A_DAY} within a day. Send more tomorrow."
        raise TooMany("too_many_sent", sentence, retry_after_seconds=int(DAY.total_seconds()))


def check_shareable(*, is_never_shareable: bool) -> None:
    """Goods that are nobody's business are sent to nobody. Raises Invalid."""
    if is_never_shareable:
        raise Invalid("never_shared", "This is nobody’s business but yours, so it isn’t sent.")


def already_sent() -> Conflict:
    """The refusal of the same piece to the same friend."""
    sentence = "You sent them this already. Take it back to send it with another line."
    return Conflict("already_sent", sentence)


def sent_not_found() -> NotFound:
    """The one answer for what was not sent, taken back, or is not between these two."""
    return NotFound("sent_not_found", "This isn’t here any more.")


def gate(member_id: str) -> int:
    """The gate through which a member sends one thing at a time."""
    digest = hashlib.sha256(f"sent:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
