"""Weeks and months tile time in every zone there is, whatever its clocks do."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

import pytest

from core.days import day_start
from loyalty.leaderboards.calendar import Cadence, interval
from tests.scale import times

CADENCES = get_args(Cadence)
TICK = timedelta(microseconds=1)
FORTNIGHT = timedelta(days=14)
FIRST = datetime(2010, 1, 1, tzinfo=UTC)
DAYS = (datetime(2038, 1, 1, tzinfo=UTC) - FIRST).days


def changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The instants, to the second, at which clocks are set between 2010 and 2038."""
    before = FIRST
    while before.year < 2038:
        after = before + FORTNIGHT
        low, high = before, after
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // timedelta(seconds=1) // 2 * timedelta(seconds=1)
                if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
                    low = middle
                else:
                    high = middle
            yield high
        before = after


@cache
def instants(zone: str) -> list[datetime]:
    """Instants around a zone's clock changes and of its days, the same in every run.

    Some of each, or in the long form all.
    """
    chance = random.Random(zone)
    found = list(changes(ZoneInfo(zone)))
    sample = chance.sample(found, min(len(found), times(3, 1_000)))
    near = [at + timedelta(seconds=s) for at in sample for s in (-1800, -1, 0, 1800)]
    days = chance.sample(range(DAYS), min(DAYS, times(3, DAYS)))
    return near + [FIRST + timedelta(day, chance.randrange(86400)) for day in days]


def check_tiles(cadence: Cadence, zone: str, at: datetime) -> None:
    starts_at, ends_at = interval(cadence, zone, at)
    assert starts_at <= at < ends_at
    assert interval(cadence, zone, starts_at) == (starts_at, ends_at)
    assert interval(cadence, zone, ends_at - TICK) == (starts_at, ends_at)
    assert interval(cadence, zone, ends_at).starts_at == ends_at
    assert interval(cadence, zone, starts_at - TICK).ends_at == starts_at


def check_begins_with_its_day(cadence: Cadence, zone: str, at: datetime) -> None:
    where = ZoneInfo(zone)
    starts_at = interval(cadence, zone, at).starts_at
    first = starts_at.astimezone(where).date()
    assert first.weekday() == 0 if cadence == "week" else first.day == 1
    for quarters in range(1, 60):
        earlier = starts_at - quarters * timedelta(minutes=15) + timedelta(minutes=14, seconds=59)
        assert earlier.astimezone(where).date() < first


@pytest.mark.proof
@pytest.mark.parametrize("cadence", CADENCES)
def test_intervals_tile_time_in_every_zone(cadence: Cadence) -> None:
    for zone in sorted(available_timezones()):
        for at in instants(zone):
            check_tiles(cadence, zone, at)


@pytest.mark.proof
@pytest.mark.parametrize("cadence", CADENCES)
def test_intervals_begin_with_the_first_instant_of_their_day_in_every_zone(
    cadence: Cadence,
) -> None:
    for zone in sorted(available_timezones()):
        for at in instants(zone)[-times(1, DAYS) :]:
            check_begins_with_its_day(cadence, zone, at)


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("Europe/London", date(2026, 11, 23), "2026-11-23T00:00:00"),
        ("Asia/Kathmandu", date(2026, 11, 23), "2026-11-22T18:15:00"),
        # Midnight is missing: clocks jump from 24:00 to 01:00.
        ("Africa/Cairo", date(2023, 4, 28), "2023-04-27T22:00:00"),
        ("Asia/Beirut", date(2024, 3, 31), "2024-03-30T22:00:00"),
        ("America/Santiago", date(2026, 9, 6), "2026-09-06T04:00:00"),
        # Midnight comes twice: 01:00 is set back to 00:00. The first one counts.
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00:00"),
        ("Atlantic/Azores", date(2026, 10, 25), "2026-10-25T00:00:00"),
        # The day begins, and a minute later the evening before comes again.
        ("America/St_Johns", date(2009, 11, 1), "2009-11-01T02:30:00"),
        # Clocks jump from 23:30 to 00:30, so that the day begins at half past.
        ("America/Toronto", date(1919, 3, 31), "1919-03-31T04:30:00"),
        # The whole day is missing, so it starts with the day after.
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00"),
        ("Pacific/Kwajalein", date(1993, 8, 21), "1993-08-21T12:00:00"),
    ],
)
def test_a_day_starts_with_the_first_instant_that_shows_it(
    zone: str, day: date, start: str
) -> None:
    assert day_start(day, ZoneInfo(zone)) == datetime.fromisoformat(start).replace(tzinfo=UTC)


def test_an_evening_that_comes_again_belongs_to_the_month_that_has_begun() -> None:
    again = datetime(2009, 11, 1, 3, 0, tzinfo=UTC)
    assert again.astimezone(ZoneInfo("America/St_Johns")).date() == date(2009, 10, 31)
    assert interval("month", "America/St_Johns", again) == (
        datetime(2009, 11, 1, 2, 30, tzinfo=UTC),
        datetime(2009, 12, 1, 3, 30, tzinfo=UTC),
    )
    check_tiles("month", "America/St_Johns", again)


def test_a_week_lasts_from_monday_to_monday_and_a_month_to_the_next_first() -> None:
    at = datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert interval("week", "Europe/London", at) == (
        datetime(2026, 3, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 23, tzinfo=UTC),
    )
    assert interval("month", "America/New_York", datetime(2026, 12, 31, tzinfo=UTC)) == (
        datetime(2026, 12, 1, 5, tzinfo=UTC),
        datetime(2027, 1, 1, 5, tzinfo=UTC),
    )
