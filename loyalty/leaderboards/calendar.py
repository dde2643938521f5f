"""Weeks and months of a time zone as UTC instants that tile time: no gap and no overlap."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

Cadence = Literal["week", "month"]

_SECOND = timedelta(seconds=1)


class Interval(NamedTuple):
    """The instants from `starts_at`, included, to `ends_at`, excluded."""

    starts_at: datetime
    ends_at: datetime


def interval(cadence: Cadence, zone: str, at: datetime) -> Interval:
    """The week (from Monday) or month of `zone` that holds the instant `at`."""
    where = ZoneInfo(zone)
    first = _first_day(cadence, at.astimezone(where).date())
    following = _following(cadence, first)
    # A clock set back across midnight shows the old date again after the new one has begun.
    while day_start(following, where) <= at:
        first, following = following, _following(cadence, following)
    return Interval(day_start(first, where), day_start(following, where))


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant at which the clocks of `zone` show `day`, or a later date.

    Midnight may be missing (then it is the jump over it), come twice (then the first one
    counts), and a whole day may be missing (then it is the start of the day after).
    """
    midnight = datetime.combine(day, time(), tzinfo=zone)
    start = midnight.astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return start
    # PEP 495: read with the offset after the jump, a missing time lies before the jump; read
    # with the offset before it, at or after the jump.
    before = midnight.replace(fold=1).astimezone(UTC)
    while start - before > _SECOND:
        middle = before + (start - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).date() < day:
            before = middle
        else:
            start = middle
    return start


def _first_day(cadence: Cadence, day: date) -> date:
    return day - timedelta(days=day.weekday()) if cadence == "week" else day.replace(day=1)


def _following(cadence: Cadence, first: date) -> date:
    if cadence == "week":
        return first + timedelta(days=7)
    return (first + timedelta(days=31)).replace(day=1)
