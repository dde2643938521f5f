"""How fast budgets go, when they will be gone at that pace, and which need somebody first. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

PACE = timedelta(days=14)
NEAR_PERCENT = 80
# Beyond this nobody plans, and a date would only look exact.
FAR = timedelta(days=2 * 365)
# A budget of an hour ago has no pace yet; a day is the least that one is told from.
_LEAST = timedelta(days=1)


@dataclass(frozen=True)
class Budget:
    """What a campaign or the vouchers of one may give, and gave; `limit` is None without a limit.

    Money is in minor units of `currency`, which is None for points. `held` is what tills hold, and
    part of `given`; `recent` was given since `since`. A budget `is_over` gives nothing more.
    """

    kind: Literal["campaign", "vouchers"]
    id: str
    name: str
    currency: str | None
    limit: int | None
    given: int
    held: int
    recent: int
    since: datetime
    ends_at: datetime | None
    is_over: bool

    @property
    def left(self) -> int | None:
        """What may still be given."""
        return None if self.limit is None else max(0, self.limit - self.given)

    @property
    def percent(self) -> int | None:
        """How much of it is gone, rounded down, so that only all of it is a hundred."""
        if self.limit is None:
            return None
        return min(100, 100 * self.given // self.limit) if self.limit else 100

    @property
    def warning(self) -> Literal["gone", "near"] | None:
        """Whether all of it is gone, or nearly."""
        if self.percent is None or self.is_over:
            return None
        return "gone" if self.percent >= 100 else "near" if self.percent >= NEAR_PERCENT else None


def begins(starts_at: datetime | None, now: datetime) -> datetime:
    """From when on a pace is told: some days ago, or from the start of what is younger."""
    return now - PACE if starts_at is None else min(max(now - PACE, starts_at), now - _LEAST)


def runs_out_at(budget: Budget, now: datetime) -> datetime | None:
    """When it is gone at its pace; None where it is gone, lasts, or nothing was given lately."""
    left = budget.left
    if not left or budget.recent <= 0 or budget.is_over:
        return None
    # In seconds, since a pace of one in a fortnight is no whole number of anything a day.
    seconds = (now - budget.since).total_seconds() * left / budget.recent
    if seconds > FAR.total_seconds():
        return None
    gone_at = now + timedelta(seconds=seconds)
    return None if budget.ends_at is not None and gone_at >= budget.ends_at else gone_at


def by_urgency(budgets: list[Budget], now: datetime) -> list[Budget]:
    """Those first that are gone or nearly, then by when they will be; what is over comes last."""

    def urgency(one: Budget) -> tuple[bool, int, float, int, str]:
        gone_at = runs_out_at(one, now)
        rank = {"gone": 0, "near": 1, None: 2}[one.warning]
        when = gone_at.timestamp() if gone_at else float("inf")
        return one.is_over, rank, when, -(one.percent or 0), one.name

    return sorted(budgets, key=urgency)
