"""When pay day is, and when a reminder may be asked for. Pure."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import Invalid

# The day that stands for the last of every month.
LAST = 31
ONCE, SAME_DAY, LAST_DAY = "once", "same_day", "last_day"
REPEATS = (ONCE, SAME_DAY, LAST_DAY)
FARTHEST = timedelta(days=366)
_AT = time(9)


def pay_day_in(year: int, month: int, day: int) -> date:
    """Pay day of a month; where the month has no such day, its last."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def next_pay_day(day: int, today: date) -> date:
    """The first pay day after today: who saves something on pay day means the next one."""
    this = pay_day_in(today.year, today.month, day)
    if this > today:
        return this
    later = today.replace(day=1) + timedelta(days=31)
    return pay_day_in(later.year, later.month, day)


def day_of_month(on: date, repeats: str) -> int | None:
    """The day to remember from a first one: its own, the last of each month, or none.

    Raises Invalid for a repetition that there is not.
    """
    if repeats not in REPEATS:
        sentence = f"Choose one of {', '.join(REPEATS)}."
        raise Invalid("repeats_unknown", sentence, fields={"repeats": [sentence]})
    return {ONCE: None, SAME_DAY: on.day, LAST_DAY: LAST}[repeats]


def check_day(on: date, today: date) -> None:
    """A reminder lies ahead, within a year. Raises Invalid."""
    if not today < on <= today + FARTHEST:
        sentence = "Choose a day after today, within a year."
        raise Invalid("day_not_ahead", sentence, fields={"on": [sentence]})


def remind_at(on: date, zone: str) -> datetime:
    """When a reminder of that day is due: at nine by the clock of a zone."""
    return datetime.combine(on, _AT, ZoneInfo(zone)).astimezone(UTC)


def day_in(zone: str, now: datetime) -> date:
    """Which day it is in a zone."""
    return now.astimezone(ZoneInfo(zone)).date()
