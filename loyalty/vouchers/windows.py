"""When vouchers are valid: whole days of a store's zone, fixed as instants when they are made."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.days import day_after, day_start
from core.errors import Invalid

# How long a voucher lives that somebody is given, for how long nobody said.
GIVEN_DAYS = 90
_TICK = timedelta(microseconds=1)


class Window(NamedTuple):
    """The instants from `valid_from`, included, to `valid_until`, excluded."""

    valid_from: datetime
    valid_until: datetime


def days(zone: str, first: date, last: date) -> Window:
    """The days of a zone from the first to the last, both included; neighbours leave no gap.

    Raises Invalid where there is no such day.
    """
    where = ZoneInfo(zone)
    if not date(2000, 1, 1) <= first <= last <= date(2200, 1, 1):
        sentence = "The last day is the first one or comes later."
        raise Invalid(
            "voucher_unclear", "This voucher makes no sense.", fields={"last_day": [sentence]}
        )
    return Window(day_start(first, where), day_start(last + timedelta(days=1), where))


def given(zone: str, now: datetime) -> Window:
    """From now on for `GIVEN_DAYS` days at least, to the end of a day of the zone.

    Owners read of a last day, so the whole of it counts.
    """
    return Window(now, day_after(now - _TICK, zone, GIVEN_DAYS))
