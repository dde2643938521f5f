"""Days as the clocks of a zone show them: looked up by quarters of an hour, not computed."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_STEP = timedelta(minutes=15)


@cache
def begins(day: date, zone: str) -> datetime:
    """The first instant whose day in a zone is this one or a later one."""
    at = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    while at.astimezone(ZoneInfo(zone)).date() < day:
        at += _STEP
    return at
