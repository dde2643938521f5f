"""Weeks and months of a time zone as UTC instants that tile time: no gap and no overlap."""

from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from core.days import day_start

Cadence = Literal["week", "month"]


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


def _first_day(cadence: Cadence, day: date) -> date:
    return day - timedelta(days=day.weekday()) if cadence == "week" else day.replace(day=1)


def _following(cadence: Cadence, first: date) -> date:
    if cadence == "week":
        return first + timedelta(days=7)
    return (first + timedelta(days=31)).replace(day=1)
