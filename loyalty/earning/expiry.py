"""When points end under the terms of a programme, in its own zone. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.days import day_after, day_start
from loyalty.earning.rules import Expiry


def ends_at(expiry: Expiry, earned_at: datetime, zone: str) -> datetime | None:
    """The first instant at which points earned then are gone; None where no day is set for it.

    A day counts to its end: `days` after that of the earning, or after the last of its year.
    """
    if expiry.kind == "rolling":
        return day_after(earned_at, zone, expiry.days)
    if expiry.kind == "calendar":
        where = ZoneInfo(zone)
        year = earned_at.astimezone(where).year
        return day_start(date(year + 1, 1, 1) + timedelta(days=expiry.days), where)
    return None
