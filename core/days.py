"""Days of a time zone as UTC instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)


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


def day_after(at: datetime, zone: str, days: int) -> datetime:
    """The first instant after the day that is so many days after that of `at`, in a zone."""
    where = ZoneInfo(zone)
    return day_start(at.astimezone(where).date() + timedelta(days=days + 1), where)
