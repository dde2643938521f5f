"""Calendars as files: what is read of them, what is refused, and that nothing else can happen."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from babel.core import get_global
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.errors import Invalid
from retail.occasions import icalendar, importer, queries
from retail.occasions.icalendar import FoundEvent, WrittenEvent, read, write
from retail.occasions.rules import find_calendar_zone
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand

_FIRST = datetime(2000, 1, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(*lines: str, title: str = "SUMMARY:Party", uid: str = "UID:1") -> str:
    return "\r\n".join(("BEGIN:VEVENT", uid, title, *lines, "END:VEVENT"))


def calendar(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""))


def only(*lines: str, **about: str) -> FoundEvent:
    (found,) = read(calendar(event(*lines, **about)), zone="Europe/London")
    return found


@pytest.mark.parametrize(
    ("line", "on", "at", "zone"),
    [
        ("DTSTART:20261205T190000", date(2026, 12, 5), time(19), "Europe/London"),
        ("DTSTART:20260705T190000Z", date(2026, 7, 5), time(20), "Europe/London"),
        ("DTSTART;TZID=Asia/Tokyo:20261205T190000", date(2026, 12, 5), time(19), "Asia/Tokyo"),
        (
            "DTSTART;TZID=W. Europe Standard Time:20260705T190000",
            *(date(2026, 7, 5), time(19)),
            "Europe/Berlin",
        ),
        (
            'DTSTART;TZID="GMT Standard Time":20260705T190000',
            *(date(2026, 7, 5), time(19)),
            "Europe/London",
        ),
        (
            'DTSTART;X-A="b;c:d";TZID=Asia/Tokyo:20261205T190000',
            *(date(2026, 12, 5), time(19)),
            "Asia/Tokyo",
        ),
        ("DTSTART;VALUE=DATE:20261205", date(2026, 12, 5), None, "Europe/London"),
        ("dtstart;value=date:20261205", date(2026, 12, 5), None, "Europe/London"),
    ],
)
def test_days_and_times_are_read_on_the_clocks_that_they_name(
    line: str, on: date, at: time | None, zone: str
) -> None:
    found = only(line).occasion
    assert found is not None
    assert (found.on, found.at, found.zone) == (on, at, zone)


def test_folded_lines_and_escapes_are_read_as_they_were_written() -> None:
    found = only(
        "DTSTART:20261205T190000Z",
        "LOCATION:Soho\\, London\\; up\r\n  the st\r\n\tairs",
        title="SUMMARY;LANGUAGE=en:Tom’s\\npa\r\n rty \\\\o/",
    ).occasion
    assert found is not None
    assert (found.title, found.place) == ("Tom’s party \\o/", "Soho, London; up the stairs")


def test_of_what_repeats_the_first_time_is_read_and_said_aloud() -> None:
    found = only("DTSTART:20261205T190000Z", "RRULE:FREQ=DAILY;COUNT=999999999")
    assert (found.repeats, found.problem) == (True, "")
    twice = calendar(event("DTSTART:20261205T190000Z"), event("DTSTART:20261212T190000Z"))
    assert len(read(twice, zone="Europe/London")) == 1


def test_every_zone_of_windows_is_one_that_we_know() -> None:
    names = get_global("windows_zone_mapping")
    assert len(names) > 100
    assert [name for name in names if find_calendar_zone(name) is None] == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((), "It does not say when."),
        (("DTSTART:20261205",), ""),
        (("DTSTART:20261335",), "We can’t read when it is."),
        (("DTSTART;TZID=Asia/Tokyo:20000101T000000",), "Choose a day in this century."),
        (("DTSTART:tomorrow",), "We can’t read when it is."),
        (("DTSTART:٢٠٢٦١٢٠٥",), "We can’t read when it is."),
        (("DTSTART:99990101T000000",), "It is in another century."),
        (("DTSTART:00010101T000000Z",), "We can’t read when it is."),
        (("DTSTART;TZID=Mars Standard Time:20261205T190000",), "We don’t know its time zone."),
        (("DTSTART;TZID=Mars/Base:20261205T190000",), "We don’t know its time zone."),
        (("DTSTART;TZID=../../etc/passwd:20261205T190000",), "We don’t know its time zone."),
        (("DTSTART:20261205T190000Z", "DTEND:20261204T190000Z"), "It ends before it begins."),
        (("DTSTART:20261205T190000Z", "STATUS:CANCELLED"), "It was called off."),
    ],
)
def test_an_event_that_cannot_come_in_says_why(lines: tuple[str, ...], problem: str) -> None:
    found = only(*lines)
    assert (found.problem, found.occasion is None) == (problem, bool(problem))


def test_a_name_that_nobody_can_read_does_not_come_in() -> None:
    found = only("DTSTART:20261205T190000Z", title="SUMMARY:\u2800")
    assert found.problem == "Give it a name, such as Ada’s birthday."


def test_an_alarm_inside_an_event_is_none_of_ours() -> None:
    inside = ("BEGIN:VALARM", "SUMMARY:Ring", "DTSTART:x", "END:VALARM")
    found = only("DTSTART:20261205T190000Z", *inside, title="X-NOTE:none")
    assert found.problem == "It has no name."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "<html></html>",
        "PK\x03\x04",
        "BEGIN:VEVENT\r\nEND:VEVENT",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x",
        "BEGIN:VCALENDAR\r\nEND:VEVENT",
        "BEGIN:VCALENDAR\r\nno colon\r\nEND:VCALENDAR",
        'BEGIN:VCALENDAR\r\nX;A="open:1\r\nEND:VCALENDAR',
        "BEGIN:VCALENDAR\r\n" * 9,
        "x" * (icalendar.MOST_CHARACTERS + 1),
        "BEGIN:VCALENDAR\r\nX:" + "x" * 9_000,
        "X:\r\n" * 20_001,
        calendar(*(event("DTSTART:20261205", uid=f"UID:{n}") for n in range(201))),
    ],
)
def test_what_is_no_calendar_or_too_much_of_one_is_refused_whole(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(text, zone="Europe/London")
    assert list(refused.value.data["fields"]) == ["calendar"]


_PIECES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM"),
        *("SUMMARY:Tea", "UID:1", "DTSTART:20261205T190000Z", "DTSTART;TZID=:", "DTEND:20261205"),
        *("\r\n", "\n", "\r", "\r\n ", "\n\t", ";", ":", ",", '"', "\\", "=", "\x00", "\u2028"),
        *("RRULE:", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20260229", "\ufeff", "9" * 30),
    ]
)


@example(calendar(event("DTSTART:00010101T000000Z")))
@example(calendar(event("DTSTART:20000101T000000Z", "DTEND:99991231T235959Z")))
@given(st.lists(_PIECES | st.text(max_size=6), max_size=40).map("".join))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        found = read(calendar(text) if text.startswith("BEGIN:VEVENT") else text, zone="Asia/Tokyo")
    except Invalid:
        return
    for one in found:
        assert (one.occasion is None) == bool(one.problem)


@given(
    st.text(min_size=1, max_size=80).map(lambda words: " ".join(words.split())),
    st.integers(1, 3_000_000_000).map(lambda seconds: _FIRST + timedelta(seconds=seconds)),
    st.booleans(),
)
def test_what_is_written_is_read_again_in_lines_of_75_octets(
    title: str, at: datetime, is_all_day: bool
) -> None:
    at = at.replace(microsecond=0, hour=0 if is_all_day else at.hour, minute=0, second=0)
    text = write([WrittenEvent("1", title, "", "UTC", at, None, is_all_day)], now=NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (found,) = read(text, zone="UTC")
    readable = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    assert found.title == readable
    if found.occasion is not None:
        shown = (found.occasion.on, found.occasion.at)
        assert shown == (at.date(), None if is_all_day else at.time())


def test_a_calendar_is_previewed_then_brought_in_each_event_once(
    session: Session, clock: FixedClock
) -> None:
    member = new_member(session, new_brand(session).id)
    text = calendar(
        event("DTSTART:20261205T190000Z", uid="UID:a"),
        event("DTSTART:20261206T190000Z", uid="UID:b", title="SUMMARY:Dinner"),
        event("DTSTART:never", uid="UID:c"),
    )
    about = {"member": member, "zone": "Europe/London", "now": clock.now()}
    seen = importer.preview(session, text, **about)
    assert [(one.title, bool(one.problem)) for one in seen] == [
        ("Party", False),
        ("Dinner", False),
        ("Party", True),
    ]
    assert queries.occasions_of(session, member.id, now=clock.now()).occasions == []
    picked = {seen[0].uid, seen[2].uid}
    assert importer.bring_in(session, text, picked, **about) == importer.BroughtIn(1, 0)
    assert importer.bring_in(session, text, {seen[0].uid}, **about) == importer.BroughtIn(0, 1)
    assert [one.is_known for one in importer.preview(session, text, **about)] == [
        True,
        False,
        False,
    ]
    (made,) = queries.calendar_of(session, member.id, now=clock.now())
    assert made.title == "Party"
    with pytest.raises(Invalid):
        importer.bring_in(session, text, set(), **about)
