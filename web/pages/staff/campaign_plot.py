"""The chart of what each week would have cost. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from loyalty.campaigns.foresee import Forecast

HEIGHT, WIDTH, TOP, FOOT = 220, 880, 26, 34
WIDEST, GAP = 140, 20


Bars = Literal["discount_minor", "points", "credits"]


@dataclass(frozen=True)
class Week:
    """A bar, and what it stands for; `y` is where it begins."""

    monday: date
    baskets: int
    discount_minor: int
    points: int
    credits: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Plot:
    """The drawing; its bars are money, or points where no money is given, or else credits."""

    weeks: Sequence[Week]
    width: int
    bars: Bars
    bar: int
    height: int = HEIGHT
    base: int = HEIGHT - FOOT


def draw_weeks(forecast: Forecast, first: date, last: date) -> Plot:
    """Every week from that of the first day to that of the last, all campaigns together."""
    mondays = _mondays(forecast, first, last)
    bars = next((name for name in _BARS if getattr(forecast, name)), _BARS[0])
    sums = [_week(forecast, monday) for monday in mondays]
    most = max((one[bars] for one in sums), default=0)
    room = HEIGHT - FOOT - TOP
    step = min(WIDTH // max(len(mondays), 1), WIDEST)
    weeks = []
    for place, (monday, one) in enumerate(zip(mondays, sums, strict=True)):
        height = room * one[bars] // most if most else 0
        x, y = place * step + GAP // 2, HEIGHT - FOOT - height
        weeks.append(Week(monday, **one, x=x, y=y, height=height))
    return Plot(weeks, step * max(len(weeks), 1), bars, step - GAP)


def _mondays(forecast: Forecast, first: date, last: date) -> list[date]:
    # A store in another zone may have sold in a week that begins or ends the span there alone.
    begins = min([first - timedelta(days=first.weekday()), *forecast.mondays[:1]])
    ends = max([last, *forecast.mondays[-1:]])
    return [begins + timedelta(days=days) for days in range(0, (ends - begins).days + 1, 7)]


def _week(forecast: Forecast, monday: date) -> dict[str, int]:
    found = [cost.weeks[monday] for cost in forecast.costs if monday in cost.weeks]
    return {name: sum(getattr(one, name) for one in found) for name in ("baskets", *_BARS)}


_BARS: tuple[Bars, ...] = ("discount_minor", "points", "credits")
