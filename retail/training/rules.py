"""May a model serve, and when is the next one due? Pure.

A model is tried on a time split: it learns from what was before an instant, and is asked what each
shopper will buy after it. Its figure is the mean NDCG@10 over those shoppers (Järvelin and
Kekäläinen, ACM TOIS 20(4), 2002), and what it is held against is compared shopper by shopper.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import fmean, stdev
from typing import Any
from zoneinfo import ZoneInfo

from core.days import day_start

NIGHT, STAFF, COMMAND = "night", "staff", "command"
# Below this, what a model says of goods would say too much of somebody.
FEWEST_SHOPPERS = 20
# Below this many shoppers who bought something new, a figure is chance.
FEWEST_TRIED = 10
MOST_TRIED = 2_000
TOP = 10
# So much of the purchases a model without a predecessor is tried on, the newest.
TRIED_SHARE = 0.2
# What served before stays, for a way back; older ones go.
KEPT_BUNDLES = 4
LIMIT = timedelta(hours=1)
# A run that says nothing for so long is dead: it beats far more often.
SILENCE = timedelta(seconds=60)
_NIGHT_HOURS = timedelta(hours=3)

WAITING, RUNNING = "waiting", "running"
PROMOTED, KEPT, WITHDRAWN, ENDED = "promoted", "kept", "withdrawn", "ended"
FIRST, LEVEL, LEFT = "first", "level", "left"
FEW, FEW_NEW, FLOOR, WORSE = "few", "few_new", "floor", "worse"
DIED, TOO_LONG, FAILED = "died", "too_long", "failed"


@dataclass(frozen=True)
class Figure:
    """A mean over shoppers and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Trial:
    """What a candidate did on the same `shoppers` as the bestsellers and as what serves.

    `over_popular` and `over_serving` are differences shopper by shopper. What serves is None where
    it had learned from what it would be tried on, or where nothing serves.
    """

    shoppers: int
    candidate: Figure
    popular: Figure
    over_popular: Figure
    serving: Figure | None = None
    over_serving: Figure | None = None

    def told(self) -> dict[str, Any]:
        """As it is kept with its run."""
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """Whether the candidate was `PROMOTED`, what served was `KEPT` or is `WITHDRAWN`, and why."""

    state: str
    reason: str


def figure(scores: Sequence[float]) -> Figure:
    """Mean and standard error of what shoppers scored; one shopper has no error, none no figure."""
    if not scores:
        return Figure(0.0, 0.0)
    error = stdev(scores) / len(scores) ** 0.5 if len(scores) > 1 else 0.0
    return Figure(fmean(scores), error)


def trial_of(figures: dict[str, Any]) -> Trial | None:
    """A trial as `told` left it; None where there was none."""
    if not figures:
        return None
    parts = {
        name: Figure(**value) if isinstance(value, dict) else value
        for name, value in figures.items()
    }
    return Trial(**parts)  # type: ignore[arg-type]


def judge(trial: Trial | None, *, shoppers: int, has_serving: bool, has_left: bool) -> Verdict:
    """Whether a candidate serves. `has_left`: what serves learned from somebody who is gone.

    It does above the floor, which is no worse than bestsellers by more than the standard error,
    and where it is not worse than what serves by more than that. Whoever left outranks the second:
    what knows them is replaced by what does not, or by nothing.
    """
    too_few = FEW if shoppers < FEWEST_SHOPPERS or trial is None else None
    below = FLOOR if trial is not None and not _is_above_floor(trial) else None
    if too_few or below:
        gone = has_serving and has_left
        return Verdict(WITHDRAWN, LEFT) if gone else Verdict(KEPT, too_few or FLOOR)
    assert trial is not None
    if not has_serving:
        return Verdict(PROMOTED, FIRST)
    if trial.over_serving is not None and _is_level(trial.over_serving):
        return Verdict(PROMOTED, LEVEL)
    if has_left:
        return Verdict(PROMOTED, LEFT)
    return Verdict(KEPT, FEW_NEW if trial.over_serving is None else WORSE)


def _is_above_floor(trial: Trial) -> bool:
    return trial.candidate.mean > 0 and _is_level(trial.over_popular)


def _is_level(difference: Figure) -> bool:
    return difference.mean >= -difference.error


def last_night(now: datetime, zone: str) -> datetime:
    """The last instant at which a night's run was due: three hours into a day of the zone."""
    where = ZoneInfo(zone)
    today = now.astimezone(where).date()
    due = day_start(today, where) + _NIGHT_HOURS
    return due if due <= now else day_start(today - timedelta(days=1), where) + _NIGHT_HOURS
