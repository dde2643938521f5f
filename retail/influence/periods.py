"""Of which days a board is, and how long before a sale something may have led to it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.days import day_start
from retail.influence.rules import Month, month_from

FEWEST_DAYS, MOST_DAYS = 1, 60
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from the first to the last, both included, by whichever clock is asked."""

    first_on: date
    last_on: date

    @property
    def is_month(self) -> bool:
        """Whether it is one whole calendar month."""
        return self == period_of_month(self.first_on)

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """Its instants, [from, until), by a zone's clock."""
        where = ZoneInfo(zone)
        return day_start(self.first_on, where), day_start(self.last_on + _DAY, where)

    def months(self, zone: str) -> list[Month]:
        """The calendar months in which its days lie, in order."""
        found = [month_from(self.first_on, zone)]
        while (following := following_month(found[-1].on)) <= self.last_on:
            found.append(month_from(following, zone))
        return found

    def covers(self, month: Month) -> bool:
        """Whether every day of a month is in it."""
        whole = period_of_month(month.on)
        return self.first_on <= whole.first_on and whole.last_on <= self.last_on


@dataclass(frozen=True)
class Window:
    """From which month on a sale is credited to what led to it so many days before at most."""

    since: date
    days: int


@dataclass(frozen=True)
class Windows:
    """The window of every month: what was chosen before it began, or the usual one.

    A month has one window for ever: two, side by side, would differ by a sale of somebody's.
    """

    usual_days: int
    chosen: Mapping[date, int] = field(default_factory=dict)

    def days_in(self, month_on: date) -> int:
        """The window of a month, by its first day."""
        before = [since for since in self.chosen if since <= month_on]
        return self.chosen[max(before)] if before else self.usual_days

    def of(self, period: Period) -> tuple[Window, ...]:
        """Which windows a period was told with, each with the first month that had it."""
        found: list[Window] = []
        for month in period.months("UTC"):
            days = self.days_in(month.on)
            if not found or found[-1].days != days:
                found.append(Window(month.on, days))
        return tuple(found)


def period_of_month(day: date) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, following_month(first) - _DAY)


def following_month(day: date) -> date:
    """The first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
