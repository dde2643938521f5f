"""Ladders of tiers, and where credits put somebody on one at an instant. Pure.

A standing is a function of what was earned and when, so a credit that is taken back is as if it had
never been there, and a review that comes late finds what one in time would have found.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from core.days import day_start
from core.errors import Invalid

Basis = Literal["earned", "balance"]
Drop = Literal["to_earned", "one_step"]
MOST_TIERS = 20
CODE_LENGTH = 20
NAME_LENGTH = 40
MOST_CREDITS = 10**12
MOST_PERIOD_DAYS = 3660
MOST_GRACE_DAYS = 366


@dataclass(frozen=True)
class Tier:
    """A step of a ladder; `label` of its benefits is `tier:<code>`, as campaigns know it."""

    code: str
    name: str
    at: int

    @property
    def label(self) -> str:
        """What campaigns call whoever stands here."""
        return f"tier:{self.code}"


@dataclass(frozen=True)
class Ladder:
    """Tiers from the lowest, which starts at 0, and the rules by which one moves between them.

    `earned`: credits earned within a qualification period count: a calendar year of `zone`, or the
    `period_days` before the instant. What is reached holds until that period ends, and `grace_days`
    more. `balance`: whatever one has now counts, and nothing holds longer.
    """

    tiers: tuple[Tier, ...]
    basis: Basis
    zone: str
    period_days: int | None = None
    grace_days: int = 0
    drop: Drop = "to_earned"

    def tier_at(self, credits_: int) -> int:
        """The place of the highest tier that so many credits reach."""
        return max(bisect_right([tier.at for tier in self.tiers], credits_) - 1, 0)

    def window_start(self, at: datetime) -> datetime:
        """Since when credits count at an instant."""
        if self.period_days is not None:
            return at - timedelta(days=self.period_days)
        return _new_year(at.astimezone(ZoneInfo(self.zone)).year, self.zone)

    def holds_until(self, at: datetime) -> datetime:
        """Until when a tier holds that is reached, or reached again, at an instant."""
        if self.period_days is not None:
            return at + timedelta(days=self.period_days + self.grace_days)
        year = at.astimezone(ZoneInfo(self.zone)).year + 1
        return _new_year(year, self.zone, self.grace_days)


@dataclass(frozen=True)
class Credit:
    """Credits earned at an instant, net of what was taken back of them since."""

    at: datetime
    amount: int


@dataclass(frozen=True)
class Standing:
    """Where somebody stands. `until` is None on the lowest tier and where nothing holds.

    `credits` count now; `next` is the tier above, None at the top, and `missing` what it takes.
    """

    tier: Tier
    since: datetime
    until: datetime | None
    credits: int
    next: Tier | None
    missing: int


@dataclass(frozen=True)
class _Reach:
    """A tier that was reached at an instant, and until when that holds."""

    place: int
    until: datetime


@dataclass
class _Held:
    place: int
    since: datetime
    until: datetime | None = None


def standing(
    ladder: Ladder, earned: Sequence[Credit], *, joined_at: datetime, now: datetime
) -> Standing:
    """Where credits put somebody at an instant; what comes after it is not looked at."""
    book = _Book(ladder, sorted((c for c in earned if c.at <= now), key=lambda one: one.at))
    held, reaches = _Held(0, joined_at), list[_Reach]()
    for credit in book.credits:
        _let_time_pass(ladder, reaches, held, credit.at)
        if _may_move(ladder, credit):
            _rise(ladder, reaches, held, book.counted(credit.at), credit.at)
    _let_time_pass(ladder, reaches, held, now)
    counted = book.counted(now)
    above = ladder.tiers[held.place + 1 :]
    return Standing(
        tier=ladder.tiers[held.place],
        since=held.since,
        until=held.until,
        credits=counted,
        next=above[0] if above else None,
        missing=max(above[0].at - counted, 0) if above else 0,
    )


def check_ladder(ladder: Ladder) -> None:
    """Raise Invalid, with every field that is wrong, unless this is a ladder."""
    fields: dict[str, list[str]] = {}
    tiers = ladder.tiers
    if not 1 <= len(tiers) <= MOST_TIERS:
        fields["tiers"] = [f"A ladder has 1 to {MOST_TIERS} tiers."]
    elif tiers[0].at != 0:
        fields["tiers.0.at"] = ["The lowest tier starts at 0."]
    if any(below.at >= above.at for below, above in pairwise(tiers)):
        fields["tiers"] = ["Each tier takes more than the one before."]
    if len({tier.code for tier in tiers}) != len(tiers):
        fields["tiers"] = ["Two tiers have the same code."]
    for index, tier in enumerate(tiers):
        fields |= {f"tiers.{index}.{name}": [why] for name, why in _problems(tier).items()}
    if ladder.period_days is not None and not 1 <= ladder.period_days <= MOST_PERIOD_DAYS:
        fields["period_days"] = [f"A period is 1 to {MOST_PERIOD_DAYS} days."]
    if not 0 <= ladder.grace_days <= MOST_GRACE_DAYS:
        fields["grace_days"] = [f"Grace is 0 to {MOST_GRACE_DAYS} days."]
    if fields:
        raise Invalid("ladder_unclear", "These tiers make no sense.", fields=fields)


def _problems(tier: Tier) -> dict[str, str]:
    wrong = {}
    if not 1 <= len(tier.code) <= CODE_LENGTH or not tier.code.isidentifier():
        wrong["code"] = "A code is letters, digits and underscores."
    if not 1 <= len(tier.name.strip()) <= NAME_LENGTH:
        wrong["name"] = f"Give it a name of at most {NAME_LENGTH} characters."
    if type(tier.at) is not int or not 0 <= tier.at <= MOST_CREDITS:
        wrong["at"] = "Credits are a whole number from 0."
    return wrong


class _Book:
    """Credits in order of time, and how many count at an instant."""

    def __init__(self, ladder: Ladder, credits_: Sequence[Credit]) -> None:
        self.credits = credits_
        self._ladder = ladder
        self._times = [credit.at for credit in credits_]
        # What was spent of it or ran out was earned all the same.
        least = 0 if ladder.basis == "earned" else -MOST_CREDITS
        self._sums = [0, *accumulate(max(credit.amount, least) for credit in credits_)]

    def counted(self, at: datetime) -> int:
        """The credits that count at an instant, those of the instant itself among them."""
        until = self._sums[bisect_right(self._times, at)]
        if self._ladder.basis == "balance":
            return until
        return until - self._before(self._ladder.window_start(at))

    def _before(self, at: datetime) -> int:
        return self._sums[bisect_left(self._times, at)]


def _may_move(ladder: Ladder, credit: Credit) -> bool:
    """What is spent or runs out reaches nothing where earning counts: a tier would last by it."""
    return ladder.basis == "balance" or credit.amount > 0


def _rise(ladder: Ladder, reaches: list[_Reach], held: _Held, counted: int, at: datetime) -> None:
    place = ladder.tier_at(counted)
    if ladder.basis == "balance":
        if place != held.place:
            held.place, held.since = place, at
        return
    if place == 0:
        return
    reaches.append(_Reach(place, ladder.holds_until(at)))
    if place > held.place:
        held.since = at
    if place >= held.place:
        held.place = place
        held.until = max(held.until or at, reaches[-1].until) if place else None


def _let_time_pass(ladder: Ladder, reaches: list[_Reach], held: _Held, until: datetime) -> None:
    """Let tiers run out that hold no longer, one after the other."""
    while held.until is not None and held.until <= until:
        at = held.until
        standing_still = [reach for reach in reaches if reach.until > at]
        place = max((reach.place for reach in standing_still), default=0)
        if ladder.drop == "one_step" and place < held.place - 1:
            place = held.place - 1
            standing_still = [_Reach(place, ladder.holds_until(at))]
            reaches += standing_still
        if place != held.place:
            held.place, held.since = place, at
        ends = [reach.until for reach in standing_still if reach.place == place]
        held.until = max(ends, default=None)


@lru_cache(maxsize=64)
def _new_year(year: int, zone: str, days: int = 0) -> datetime:
    """The start of the day so many days into a year, by the clocks of a zone."""
    return day_start(date(year, 1, 1) + timedelta(days=days), ZoneInfo(zone))
