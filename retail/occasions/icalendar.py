"""Calendars as files: a small, strict reading of RFC 5545, and writing one's own. Pure.

Read are the events of a calendar with SUMMARY, DTSTART, DTEND, LOCATION, UID, TZID and STATUS.
Of one that repeats, the first time alone. Everything else is passed over. What is broken beyond
telling where events begin and end is refused as a whole.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from core.errors import Invalid
from retail.occasions.rules import (
    PLACE_LENGTH,
    TITLE_LENGTH,
    NewOccasion,
    check_words,
    find_calendar_zone,
    find_zone,
    times_of,
)

MOST_CHARACTERS = 100_000
MOST_EVENTS = 200
_EVENT = "VEVENT"
_MOST_LINES, _LINE_LENGTH, _MOST_DEEP = 20_000, 8_000, 8
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,60})=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)')
_ESCAPE = re.compile(r"\\([\\;,nN])")
_MORE = re.compile(r',("[^"]*"|[^";:,]*)')
_BREAK = re.compile(r"\r\n|\n|\r")
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z?)", re.ASCII)


class _Line(NamedTuple):
    """One property: its name in capitals, its parameters, its value as it stands."""

    name: str
    parameters: dict[str, str]
    value: str


class _Shown(NamedTuple):
    """What the clocks of a zone show; without a time, a whole day."""

    on: date
    at: time | None
    zone: str

    def instant(self) -> datetime:
        """When that is, or when that day begins."""
        at = datetime.combine(self.on, self.at or time(), tzinfo=find_zone(self.zone))
        return at.astimezone(UTC)

    def on_clocks_of(self, zone: str) -> "_Shown":
        """The same instant elsewhere."""
        there = self.instant().astimezone(find_zone(zone))
        return _Shown(there.date(), there.time(), zone)


@dataclass(frozen=True)
class FoundEvent:
    """An event of a calendar; `problem` says why it cannot be brought in, and is empty otherwise.

    `repeats`: it comes again, and only this first time is brought in.
    """

    uid: str
    title: str
    occasion: NewOccasion | None
    repeats: bool
    problem: str


@dataclass(frozen=True)
class WrittenEvent:
    """An occasion as a calendar tells it."""

    id: str
    title: str
    place: str
    zone: str
    starts_at: datetime
    ends_at: datetime | None
    is_all_day: bool


def read(text: str, *, zone: str) -> list[FoundEvent]:
    """The events of a calendar, in its order; times without a zone are read on `zone`’s clocks.

    Raises Invalid for what is no calendar, is broken, or is too big.
    """
    if len(text) > MOST_CHARACTERS:
        raise _broken(f"This file is too big: {MOST_CHARACTERS:,} characters at most.")
    unfolded = _FOLD.sub("", text.removeprefix("\ufeff"))
    found: dict[str, FoundEvent] = {}
    for lines in _events(_BREAK.split(unfolded)):
        event = _event(lines, zone)
        # A calendar may tell a change of one time of a series under the same name: the first wins.
        found.setdefault(event.uid, event)
        if len(found) > MOST_EVENTS:
            raise _broken(f"There are more than {MOST_EVENTS} events in it. Export fewer at once.")
    if not found:
        raise _broken("There are no events in this calendar.")
    return list(found.values())


def write(events: Iterable[WrittenEvent], *, now: datetime) -> str:
    """A calendar of these, with lines of 75 octets at most."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Swingtag//Occasions//EN"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.id}@swingtag",
            f"DTSTAMP:{_utc(now)}",
            *_span(event),
            f"SUMMARY:{_escaped(event.title)}",
            *([f"LOCATION:{_escaped(event.place)}"] if event.place else []),
            "END:VEVENT",
        ]
    return "".join(f"{folded}\r\n" for line in (*lines, "END:VCALENDAR") for folded in _fold(line))


def _events(raw: Sequence[str]) -> Iterator[list[_Line]]:
    """The properties of each event; those of what is inside an event, as alarms, left out."""
    if len(raw) > _MOST_LINES:
        raise _broken("This file has too many lines.")
    inside: list[str] = []
    event: list[_Line] = []
    for number, line in (
        (number, _line(text, number)) for number, text in enumerate(raw, 1) if text
    ):
        if line.name == "END":
            _leave(inside, line, number)
            if line.value.strip().upper() == _EVENT:
                yield event
                event = []
        else:
            _enter(inside, line, number)
            if inside[-1] == _EVENT and line.name != "BEGIN":
                event.append(line)
    if inside:
        raise _broken("This calendar ends before it is complete.")


def _enter(inside: list[str], line: _Line, number: int) -> None:
    if line.name == "BEGIN":
        inside.append(line.value.strip().upper())
    if inside[:1] != ["VCALENDAR"] or len(inside) > _MOST_DEEP:
        raise _broken(f"Line {number}: this is no calendar file (iCalendar, .ics).")


def _leave(inside: list[str], line: _Line, number: int) -> None:
    if not inside or inside.pop() != line.value.strip().upper():
        raise _broken(f"Line {number}: something ends here that did not begin.")


def _line(text: str, number: int) -> _Line:
    if len(text) > _LINE_LENGTH:
        raise _broken(f"Line {number} is too long.")
    name = _NAME.match(text)
    if name is None:
        raise _broken(f"Line {number}: we can’t read this.")
    at, parameters = name.end(), {}
    while found := _PARAMETER.match(text, at):
        parameters[found[1].upper()] = found[2].strip('"')
        at = found.end()
        # Several values of one parameter: none that we read has them.
        while text[at : at + 1] == ",":
            more = _MORE.match(text, at)
            at = more.end() if more else len(text)
    if text[at : at + 1] != ":":
        raise _broken(f"Line {number}: we can’t read this.")
    return _Line(name[0].upper(), parameters, text[at + 1 :])


def _event(lines: list[_Line], zone: str) -> FoundEvent:
    by_name: dict[str, _Line] = {}
    for line in lines:
        by_name.setdefault(line.name, line)
    title = _words(by_name.get("SUMMARY"), TITLE_LENGTH)
    place = _words(by_name.get("LOCATION"), PLACE_LENGTH)
    named = by_name["UID"].value if "UID" in by_name else "\n".join(map(repr, lines))
    uid = hashlib.sha256(named.encode(errors="replace")).hexdigest()
    repeats = "RRULE" in by_name or "RDATE" in by_name
    status = by_name["STATUS"].value.strip().upper() if "STATUS" in by_name else ""
    problem, occasion = "", None
    if status == "CANCELLED":
        problem = "It was called off."
    elif not title:
        problem = "It has no name."
    else:
        try:
            occasion = _occasion(by_name, title, place, zone, uid)
        except _Unread as unread:
            problem = str(unread)
    return FoundEvent(uid, title, occasion, repeats, problem)


class _Unread(Exception):
    """Why one event cannot be read; the others may."""


def _occasion(
    by_name: dict[str, _Line], title: str, place: str, zone: str, uid: str
) -> NewOccasion:
    if "DTSTART" not in by_name:
        raise _Unread("It does not say when.")
    starts = _when(by_name["DTSTART"], zone)
    ends_at = None
    if "DTEND" in by_name:
        ends_at = _when(by_name["DTEND"], zone).instant()
        if ends_at < starts.instant():
            raise _Unread("It ends before it begins.")
    wish = NewOccasion(title, starts.on, starts.at, starts.zone, place, ends_at, uid)
    try:
        times_of(wish)
        return check_words(wish)
    except Invalid as refused:
        # What nobody could make by hand does not come in by file either.
        raise _Unread(refused.detail) from None


def _when(line: _Line, zone: str) -> _Shown:
    """What the clocks of which zone show; an instant in UTC on the reader’s own."""
    value, told = line.value.strip(), line.parameters.get("TZID", "").strip() or zone
    found = find_calendar_zone(told)
    if found is None:
        raise _Unread("We don’t know its time zone.")
    day, moment = _DATE.fullmatch(value), _DATE_TIME.fullmatch(value)
    try:
        if day:
            return _sane(_Shown(date(*map(int, day.groups())), None, zone))
        if moment:
            year, month, of_month, hour, minute, second = map(int, moment.groups()[:6])
            shown = _Shown(date(year, month, of_month), time(hour, minute, second), found.key)
            return _sane(shown._replace(zone="UTC").on_clocks_of(zone) if moment[7] else shown)
    except (ValueError, OverflowError):
        pass
    raise _Unread("We can’t read when it is.")


def _sane(shown: _Shown) -> _Shown:
    if not 2000 <= shown.on.year < 2100:
        raise _Unread("It is in another century.")
    return shown


def _words(line: _Line | None, limit: int) -> str:
    """A text without escapes and what nobody can read, cut to so many characters."""
    if line is None:
        return ""
    plain = _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], line.value)
    readable = "".join(c if c.isprintable() else " " for c in plain)
    return " ".join(readable.split())[:limit].strip()


def _span(event: WrittenEvent) -> list[str]:
    if event.is_all_day:
        zone = find_zone(event.zone)
        day = event.starts_at.astimezone(zone).date()
        return [f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{_later(day, event):%Y%m%d}"]
    ends = [f"DTEND:{_utc(event.ends_at)}"] if event.ends_at else []
    return [f"DTSTART:{_utc(event.starts_at)}", *ends]


def _later(day: date, event: WrittenEvent) -> date:
    ends = event.ends_at.astimezone(find_zone(event.zone)).date() if event.ends_at else day
    return max(ends, day + timedelta(days=1))


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", words)


def _fold(line: str) -> Iterator[str]:
    """Lines of 75 octets at most, none of them ending within a character."""
    rest, most = line, 75
    while len(rest.encode()) > most:
        cut = most
        while len(rest[:cut].encode()) > most:
            cut -= 1
        yield rest[:cut] if rest is line else f" {rest[:cut]}"
        rest, most = rest[cut:], 74
    yield rest if rest is line else f" {rest}"


def _broken(sentence: str) -> Invalid:
    return Invalid("calendar_broken", sentence, fields={"calendar": [sentence]})
