"""What shoppers did, as confidence weights: a sparse matrix of shoppers by items."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

KINDS = ("purchase", "like", "save", "try_on")  # the strongest evidence first
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Event:
    """One deed of one shopper. `at` is in POSIX seconds, `kind` one of `KINDS`."""

    user: str
    item: str
    kind: str
    at: float


@dataclass(frozen=True)
class Weights:
    """What a deed of each kind says just after it was done, and in how many days that halves.

    A kind that is not named counts nothing; `math.inf` days never fade. ValueError on weights
    that are negative or no numbers.
    """

    by_kind: Mapping[str, float] = field(
        default_factory=lambda: {"purchase": 1.0, "like": 0.6, "save": 0.5, "try_on": 0.3}
    )
    half_life_days: float = 180.0

    def __post_init__(self) -> None:
        if unknown := set(self.by_kind) - set(KINDS):
            raise ValueError(f"weights for unknown kinds of event: {', '.join(sorted(unknown))}")
        if not all(0 <= weight < math.inf for weight in self.by_kind.values()):
            raise ValueError("a weight of events must be a number from 0")
        if not self.half_life_days > 0:
            raise ValueError("half_life_days must be above 0")


@dataclass(frozen=True)
class Interactions:
    """Who did something with what: `user_items` is (users × items), float32, in order of id."""

    users: tuple[str, ...]
    items: tuple[str, ...]
    user_items: csr_matrix


def gather(events: Iterable[Event], *, weights: Weights, now: float) -> Interactions:
    """The confidence that each shopper wants each item, at `now` (POSIX seconds).

    What one did with one item adds up and saturates: w = log2(1 + Σ weight · 2^(−age/half-life)),
    so one fresh deed of weight 1 is 1 and the hundredth repeat hardly counts (the logarithm is
    that of Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets",
    ICDM 2008, eq. 6). Deeds after `now` are left out. ValueError on times that are no numbers.
    """
    known = [event for event in events if weights.by_kind.get(event.kind, 0.0) > 0]
    known = until(known, now)
    users = tuple(sorted({event.user for event in known}))
    items = tuple(sorted({event.item for event in known}))
    row_of = {user: row for row, user in enumerate(users)}
    column_of = {item: column for column, item in enumerate(items)}
    rows = np.fromiter((row_of[event.user] for event in known), np.intp, len(known))
    matrix = confidences(known, rows, len(users), column_of, weights=weights, now=now)
    return Interactions(users, items, matrix)


def until(events: Iterable[Event], now: float) -> list[Event]:
    """The events that had happened by `now`; ValueError on times that are no numbers."""
    listed = list(events)
    if not math.isfinite(now) or not all(math.isfinite(event.at) for event in listed):
        raise ValueError("the time of an event is not a number")
    return [event for event in listed if event.at <= now]


def confidences(
    events: Sequence[Event],
    rows: NDArray[np.intp],
    height: int,
    column_of: Mapping[str, int],
    *,
    weights: Weights,
    now: float,
) -> csr_matrix:
    """A (height × items) float32 matrix of saturated weights; event `i` belongs to `rows[i]`.

    Items that `column_of` does not know are left out.
    """
    columns = np.fromiter((column_of.get(e.item, -1) for e in events), np.intp, len(events))
    fresh = np.fromiter((weights.by_kind.get(e.kind, 0.0) for e in events), float, len(events))
    ages = now - np.fromiter((event.at for event in events), float, len(events))
    faded = fresh * np.exp2(-np.maximum(ages, 0.0) / (weights.half_life_days * DAY))
    # In one order, whatever the events came in: sums of floats depend on it.
    order = np.lexsort((faded, columns, rows))
    order = order[(columns[order] >= 0) & (faded[order] > 0)]
    cells = (rows[order], columns[order])
    matrix = csr_matrix((faded[order], cells), shape=(height, len(column_of)))
    matrix.sum_duplicates()
    matrix.data = np.log2(1.0 + matrix.data)
    return matrix.astype(np.float32)
