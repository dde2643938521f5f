"""The chart of what each week would have cost. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loyalty.campaigns.foresee import Forecast

HEIGHT, WIDTH, TOP, FOOT = 220, 880, 26, 34
WIDEST, GAP = 140, 20


@dataclass(frozen=True)
class Week:
    """A bar, and what it stands for; `y` is where it begins."""

    monday: date
    baskets: int
    discount_minor: int
    points: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Plot:
    """The drawing; its bars are money, or points where no money is given."""

    weeks: Sequence[Week]
    width: int
    is_points: bool
    bar: int
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def draw_weeks(forecast: Forecast, first: date, last: date) -> Plot:
    """Every week from that of the first day to that of the last, all campaigns together."""
    mondays = _mondays(forecast, first, last)
    is_points = forecast.discount_minor == 0 and forecast.points > 0
    sums = [_week(forecast, monday) for monday in mondays]
    most = max((points if is_points else minor for _baskets, minor, points in sums), default=0)
    room = HEIGHT - FOOT - TOP
    step = min(WIDTH // max(len(mondays), 1), WIDEST)
    weeks = []
    for place, (monday, (baskets, minor, points)) in enumerate(zip(mondays, sums, strict=True)):
        height = room * (points if is_points else minor) // most if most else 0
        x = place * step + GAP // 2
        y = HEIGHT - FOOT - height
        weeks.append(Week(monday, baskets, minor, points, x, y, height))
    return Plot(weeks, step * max(len(weeks), 1), is_points, step - GAP)


def _mondays(forecast: Forecast, first: date, last: date) -> list[date]:
    # A store in another zone may have sold in a week that begins or ends the span there alone.
    begins = min([first - timedelta(days=first.weekday()), *forecast.mondays[:1]])
    ends = max([last, *forecast.mondays[-1:]])
    return [begins + timedelta(days=days) for days in range(0, (ends - begins).days + 1, 7)]


def _week(forecast: Forecast, monday: date) -> tuple[int, int, int]:
    found = [cost.weeks[monday] for cost in forecast.costs if monday in cost.weeks]
    return (
        sum(one.baskets for one in found),
        sum(one.discount_minor for one in found),
        sum(one.points for one in found),
    )
