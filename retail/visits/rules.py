"""What a visit is, and how long it is kept. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

KEPT_FOR = timedelta(days=14)
FORGOTTEN_AT_ONCE = 2_000


@dataclass(frozen=True)
class VisitView:
    """That a member was at a store, on a day of its zone."""

    id: str
    store: str
    store_name: str
    visited_on: date
    checked_in_at: datetime


def day_of(now: datetime, zone: str) -> date:
    """The day that a store's clocks show."""
    return now.astimezone(ZoneInfo(zone)).date()
