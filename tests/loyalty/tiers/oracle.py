"""Where somebody stands, from a plain list of credits: grants of tiers over spans of time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from loyalty.tiers.rules import Ladder
from tests.builders.days import begins


@dataclass
class Came:
    """Credits of a source: when, how many, and how many of them were taken back since."""

    owner: str
    at: datetime
    points: int
    back: int = 0

    @property
    def left(self) -> int:
        return self.points - self.back if self.points > 0 else self.points + self.back


@dataclass(frozen=True)
class Grant:
    """A place on the ladder over a span of time, the end excluded."""

    place: int
    since: datetime
    until: datetime


def year_of(at: datetime, zone: str) -> int:
    return at.astimezone(ZoneInfo(zone)).year


def lasts_until(ladder: Ladder, at: datetime) -> datetime:
    """Until when a place holds that is reached at an instant."""
    if ladder.period_days is not None:
        return at + timedelta(days=ladder.period_days) + timedelta(days=ladder.grace_days)
    new_year = date(year_of(at, ladder.zone) + 1, 1, 1)
    return begins(new_year + timedelta(days=ladder.grace_days), ladder.zone)


def counted(ladder: Ladder, came: list[Came], at: datetime) -> int:
    """The credits that count at an instant."""
    so_far = [one for one in came if one.at <= at]
    if ladder.basis == "balance":
        return sum(one.left for one in so_far)
    if ladder.period_days is not None:
        within = [one for one in so_far if at - one.at <= timedelta(days=ladder.period_days)]
    else:
        year = year_of(at, ladder.zone)
        within = [one for one in so_far if year_of(one.at, ladder.zone) == year]
    return sum(one.left for one in within if one.points > 0)


def place_of(ladder: Ladder, credits_: int) -> int:
    return max(place for place, tier in enumerate(ladder.tiers) if tier.at <= max(credits_, 0))


def stands(ladder: Ladder, came: list[Came], now: datetime) -> tuple[int, datetime | None]:
    """The place somebody has, and until when they hold it."""
    if ladder.basis == "balance":
        return place_of(ladder, counted(ladder, came, now)), None
    grants = [
        Grant(place, one.at, lasts_until(ladder, one.at))
        for one in came
        if one.left > 0 and (place := place_of(ladder, counted(ladder, came, one.at)))
    ]
    while ladder.drop == "one_step" and (fall := _first_fall(grants, now)):
        place, at = fall
        grants.append(Grant(place - 1, at, lasts_until(ladder, at)))
    place = _highest(grants, now)
    ends = [one.until for one in grants if one.place == place and one.since <= now < one.until]
    return place, max(ends) if place else None


def _highest(grants: list[Grant], at: datetime) -> int:
    return max((one.place for one in grants if one.since <= at < one.until), default=0)


def _first_fall(grants: list[Grant], now: datetime) -> tuple[int, datetime] | None:
    """The first time that somebody would fall by more than a step, and from where."""
    for at in sorted(one.until for one in grants if one.until <= now):
        before = max(one.place for one in grants if one.since < at <= one.until)
        if _highest(grants, at) < before - 1:
            return before, at
    return None
