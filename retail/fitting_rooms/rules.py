"""How long rooms wait, what counts as too late, and what comes next. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from core.errors import Conflict, Invalid, NotFound

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
# A request that nobody took on for so long is late, unless an installation says otherwise.
LATE_AFTER = timedelta(minutes=2)

State = Literal["asked", "accepted", "on_way", "at_door", "done", "cancelled"]
# Called off by the room, by staff, by its time, or by the end of the session.
Ending = Literal["room", "staff", "lapsed", "wiped"]
# How the tag of a piece begins of which a phone scanned the label.
SCANNED = "scanned:"
# What a request wants of a piece that is not here: that it is ordered in.
ORDER = "order"
TAKEN: tuple[State, ...] = ("accepted", "on_way")
COMING: tuple[State, ...] = (*TAKEN, "at_door")


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
    """A session of a room: since when, touched when, empty since, cleared at, over since.

    Its screen speaks `language`; a code that links a phone ends at `link_until`, once used before.
    """

    id: str
    spot: Spot
    shown_variant_id: str | None
    began_at: datetime
    touched_at: datetime
    emptied_at: datetime | None
    wipes_at: datetime | None
    ended_at: datetime | None
    language: str = ""
    link_until: datetime | None = None
    link_used_at: datetime | None = None

    @property
    def warns_at(self) -> datetime:
        """When it is to warn that it clears its screen, as it stands."""
        untouched = self.touched_at + WIPES_AFTER_UNTOUCHED
        if self.emptied_at is None:
            return untouched
        return min(untouched, self.emptied_at + WIPES_AFTER_EMPTY)

    @property
    def clears_at(self) -> datetime:
        """When its screen is to be clear at the latest, as it stands."""
        return self.wipes_at or self.warns_at + WARNS_FOR

    def is_over(self, now: datetime) -> bool:
        """Whether its screen is to be clear by now, even where nobody came to wipe it."""
        return self.ended_at is not None or self.clears_at <= now


@dataclass(frozen=True)
class Timeline:
    """When a request of a store was asked, late, taken on, brought, and over, as far as it came."""

    store_id: str
    asked_at: datetime
    late_at: datetime | None
    accepted_at: datetime | None
    at_door_at: datetime | None
    ended_at: datetime | None
    state: State
    is_call: bool

    @property
    def answered_in(self) -> timedelta | None:
        """How long it waited until somebody took it on, if anybody did."""
        return None if self.accepted_at is None else self.accepted_at - self.asked_at

    @property
    def brought_in(self) -> timedelta | None:
        """How long it took to the door, or into the hand where nobody noted the door."""
        at = self.at_door_at or (self.ended_at if self.state == "done" else None)
        return None if at is None else at - self.asked_at


@dataclass(frozen=True)
class Waits:
    """How long some requests waited: median and ninetieth percentile of both; None for none."""

    requests: int
    calls: int
    late: int
    off: int
    answered_half: timedelta | None
    answered_most: timedelta | None
    brought_half: timedelta | None
    brought_most: timedelta | None


def waits_of(timelines: Iterable[Timeline]) -> Waits:
    """The figures of some requests."""
    every = list(timelines)
    answered = sorted(one.answered_in for one in every if one.answered_in is not None)
    brought = sorted(one.brought_in for one in every if one.brought_in is not None)
    return Waits(
        len(every),
        sum(one.is_call for one in every),
        sum(one.late_at is not None for one in every),
        sum(one.state == "cancelled" for one in every),
        percentile(answered, 50),
        percentile(answered, 90),
        percentile(brought, 50),
        percentile(brought, 90),
    )


def percentile(ordered: Sequence[timedelta], per_cent: int) -> timedelta | None:
    """The value that so many per cent do not exceed, by nearest rank: one that was measured.

    https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
    """
    if not ordered:
        return None
    return ordered[max(1, -(-len(ordered) * per_cent // 100)) - 1]


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


def link_code_unknown() -> Invalid:
    """The one answer for codes that are wrong, old, or of another shop."""
    sentence = "No room’s screen shows this code just now. Each is good for a minute."
    return Invalid("room_code_unknown", sentence, fields={"code": [sentence]})


def phone_linked() -> Conflict:
    """What a second phone is answered."""
    sentence = "Another phone is linked to this room. It has to be unlinked first."
    return Conflict("room_phone_linked", sentence)
