"""How long rooms wait, what counts as too late, and what comes next. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from core.errors import Conflict, NotFound

# Reads are dropped after so long; what comes later than that is not looked at.
KEPT_FOR = timedelta(minutes=2)
# A reader's clock may be so far ahead of ours.
AHEAD_BY = timedelta(seconds=30)
MOST_READS = 10_000
WIPES_AFTER_EMPTY = timedelta(seconds=45)
WIPES_AFTER_UNTOUCHED = timedelta(minutes=10)
WARNS_FOR = timedelta(seconds=30)
REQUEST_HELD_FOR = timedelta(minutes=30)
MOST_REQUESTS = 8

State = Literal["asked", "accepted", "at_door", "done", "cancelled"]


class TagRead(Protocol):
    """What a reader tells of a tag: hundredths of dBm, and when, if it says so."""

    @property
    def epc(self) -> str: ...
    @property
    def antenna(self) -> int | None: ...
    @property
    def signal(self) -> int | None: ...
    @property
    def at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Spot:
    """Where something is: a zone of a store of a brand."""

    brand_id: str
    store_id: str
    zone_id: str


@dataclass(frozen=True)
class RoomState:
    """A session of a room: since when, touched when, empty since, cleared at, over since."""

    id: str
    spot: Spot
    shown_variant_id: str | None
    began_at: datetime
    touched_at: datetime
    emptied_at: datetime | None
    wipes_at: datetime | None
    ended_at: datetime | None

    @property
    def warns_at(self) -> datetime:
        """When it is to warn that it clears its screen, as it stands."""
        untouched = self.touched_at + WIPES_AFTER_UNTOUCHED
        if self.emptied_at is None:
            return untouched
        return min(untouched, self.emptied_at + WIPES_AFTER_EMPTY)


def is_in_time(at: datetime, now: datetime) -> bool:
    """Whether a read is neither older than reads are kept nor from the future."""
    return now - KEPT_FOR < at <= now + AHEAD_BY


def room_closed() -> Conflict:
    """What is answered where nobody uses the room."""
    return Conflict("room_empty", "Nothing is in this room just now.")


def request_not_found() -> NotFound:
    """The one answer for requests of other stores, and for those that never were."""
    return NotFound("request_not_found", "There is no such request here.")


def request_moved_on() -> Conflict:
    """Somebody else was first, or it is over."""
    return Conflict("request_moved_on", "Somebody has this one already, or it is over.")
