"""What an occasion may be, when on its clocks, how many there may be, and the answers. Pure."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global

from core.days import day_start
from core.errors import Conflict, Invalid, NotFound
from core.unseen import is_blank, stacks_higher_than
from retail.brands.rules import find_zone_problem

TITLE_LENGTH, PLACE_LENGTH = 80, 120
MOST_OCCASIONS, MOST_GUESTS, MOST_PIECES = 200, 30, 12
INVITED, ACCEPTED, DECLINED = "invited", "accepted", "declined"
ANSWERS = (ACCEPTED, DECLINED)
_MARKS = 4
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# How long after its beginning something without an end is over.
_LASTS = timedelta(hours=6)


@dataclass(frozen=True)
class NewOccasion:
    """An occasion as somebody asks for it: a day and a time on the clocks of a zone.

    Without a time it is all day. `ends_at` and `uid` come from calendars alone.
    """

    title: str
    on: date
    at: time | None
    zone: str
    place: str = ""
    ends_at: datetime | None = None
    uid: str | None = None


@dataclass(frozen=True)
class Times:
    """When an occasion is, as instants; `over_at` is its end, or when we take it to be over."""

    starts_at: datetime
    ends_at: datetime | None
    over_at: datetime
    is_all_day: bool


def times_of(wish: NewOccasion) -> Times:
    """When it is. A time that the clocks of its zone skip is read as if they had not yet moved,
    one that they show twice as the first. Raises Invalid for an unknown zone and odd years."""
    zone = find_zone(wish.zone)
    if zone is None:
        raise _invalid("zone", "We don’t know this time zone.")
    try:
        if wish.at is None:
            starts_at = day_start(wish.on, zone)
        else:
            starts_at = datetime.combine(wish.on, wish.at, tzinfo=zone).astimezone(UTC)
    except (OverflowError, ValueError):
        raise _invalid("on", "Choose a day in this century.") from None
    if not _FIRST <= starts_at < _LAST:
        raise _invalid("on", "Choose a day in this century.")
    ends_at = wish.ends_at if wish.ends_at and starts_at <= wish.ends_at < _LAST else None
    lasts = timedelta(days=1) if wish.at is None else _LASTS
    return Times(starts_at, ends_at, ends_at or starts_at + lasts, wish.at is None)


def check_words(wish: NewOccasion) -> NewOccasion:
    """The wish with its words tidied. Raises Invalid for none, too many, and unseen ones."""
    title, place = " ".join(wish.title.split()), " ".join(wish.place.split())
    if is_blank(title):
        raise _invalid("title", "Give it a name, such as Ada’s birthday.")
    if len(title) > TITLE_LENGTH:
        raise _invalid("title", f"Use {TITLE_LENGTH} characters at most.")
    if len(place) > PLACE_LENGTH:
        raise _invalid("place", f"Use {PLACE_LENGTH} characters at most.")
    for name, words in (("title", title), ("place", place)):
        if not words.isprintable() or stacks_higher_than(words, _MARKS):
            raise _invalid(name, "There are characters in it that nobody can read.")
    return NewOccasion(title, wish.on, wish.at, wish.zone, place, wish.ends_at, wish.uid)


def find_zone(name: str) -> ZoneInfo | None:
    """The zone of this name in the tz database, or None."""
    return None if find_zone_problem(name) else ZoneInfo(name)


def find_calendar_zone(name: str) -> ZoneInfo | None:
    """The zone that a calendar means: by the tz database, or as Windows and Outlook call it.

    The latter by CLDR’s windowsZones, for the territory 001, as Babel carries it.
    """
    return find_zone(name) or find_zone(get_global("windows_zone_mapping").get(name, ""))


def check_room(there: int, more: int, most: int, what: str) -> None:
    """Raises Conflict where so many more would be too many."""
    if there + more > most:
        raise Conflict(f"too_many_{what}", f"That would be more than {most}. Take some away first.")


def check_answer(answer: str) -> str:
    """The answer. Raises Invalid for an unknown one."""
    if answer not in ANSWERS:
        raise _invalid("answer", "Answer with accepted or declined.")
    return answer


def check_picked(picked: Collection[str]) -> None:
    """Raises Invalid where nothing was picked."""
    if not picked:
        raise _invalid("uids", "Pick something to bring in.")


def occasion_not_found() -> NotFound:
    """The answer to absent, somebody else’s, kept apart and past alike."""
    return NotFound("occasion_not_found", "This occasion isn’t here.")


def clash_not_found() -> NotFound:
    """The answer to wishing for a twin where there is none, or none to be told of."""
    return NotFound("clash_not_found", "Nobody there plans this piece as far as we can say.")


def piece_not_yours() -> Invalid:
    """The answer to planning what one does not have."""
    return _invalid("variant_ids", "Plan with pieces that you bought, or looks that you laid out.")


def gate(occasion_id: str) -> int:
    """The gate through which plans and wishes of an occasion change one at a time."""
    digest = hashlib.sha256(f"occasion:{occasion_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def makers_gate(member_id: str) -> int:
    """The gate through which one member makes occasions one at a time."""
    return gate(f"of {member_id}")


def _invalid(name: str, sentence: str) -> Invalid:
    return Invalid("occasion_invalid", sentence, fields={name: [sentence]})
