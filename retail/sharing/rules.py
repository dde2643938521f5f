"""Where a look is passed on, and what a share is credited with. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.errors import Invalid
from core.keys import keyed_hashes

WALL = "wall"
# What the panel offers: the phone's own sheet, two apps, the plain link, the picture of it.
PANEL = ("sheet", "whatsapp", "facebook", "copy", "qr")
CHANNELS = (*PANEL, WALL)
KINDS = ("visit", "like", "save", "purchase")
CREDIT_WINDOW = timedelta(days=7)
_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


@dataclass(frozen=True)
class ShareLink:
    """The link for one channel."""

    channel: str
    share_id: str


@dataclass(frozen=True)
class Reach:
    """What the links to an outfit led to."""

    visits: int = 0
    likes: int = 0
    saves: int = 0


@dataclass(frozen=True)
class Led:
    """A share that led a member to an outfit, and when."""

    share_id: str
    outfit_id: str
    at: datetime


def check_channel(channel: str) -> str:
    """The channel, if the panel offers it. Raises Invalid."""
    if channel not in PANEL:
        sentence = f"Choose one of {', '.join(PANEL)}."
        raise Invalid("channel_unknown", sentence, fields={"channel": [sentence]})
    return channel


def share_id_in(text: str | None) -> str | None:
    """The id of a share, where the text can be one."""
    return text if text and _ID.fullmatch(text) else None


def last_within_window(led: Iterable[Led], at: datetime) -> Led | None:
    """What a purchase at this instant is credited to: the last within `CREDIT_WINDOW` before it."""
    recent = [one for one in led if at - CREDIT_WINDOW <= one.at <= at]
    return max(recent, key=lambda one: (one.at, one.share_id), default=None)


def visitor_marks(key: bytes, *, share_id: str, address: str, agent: str, today: date) -> list[str]:
    """By which a second visit of the day is known, and nothing else is; the first is for new ones.

    A keyed hash (HMAC-SHA256) that differs for each share and day, so that it cannot be followed
    from one to the next.
    """
    return keyed_hashes(key, f"visit {today.isoformat()}", f"{share_id}\x00{address}\x00{agent}")
