"""Bursts: many likes of one look within minutes, nearly all from accounts without a history.

Arrays in, arrays out; numpy alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# A look that is loved is liked by old accounts too.
LEAST_SHARE = 0.8


@dataclass(frozen=True)
class Burst:
    """Which likes, by their place in the input, are a burst on one look, and its seconds."""

    look: int
    likes: Ints
    seconds: int


def find_bursts(
    looks: Ints, seconds: Ints, is_fresh: NDArray[np.bool_], *, least: int, window_seconds: int
) -> list[Burst]:
    """The bursts in likes, given by look, second and whether the account has no history yet.

    A burst has at least `least` fresh likes in a window and few others; it is as long as its
    windows overlap.
    """
    order = np.lexsort((seconds, looks))
    starts = np.flatnonzero(np.r_[True, np.diff(looks[order]) != 0]) if len(order) else order
    found: list[Burst] = []
    for mine in np.split(order, starts[1:]):
        if len(mine) >= least:
            found.extend(_of_look(mine, looks, seconds, is_fresh, least, window_seconds))
    return found


def _of_look(
    mine: Ints,
    looks: Ints,
    seconds: Ints,
    is_fresh: NDArray[np.bool_],
    least: int,
    window_seconds: int,
) -> Iterator[Burst]:
    at, fresh = seconds[mine], np.r_[0, np.cumsum(is_fresh[mine])]
    end = np.searchsorted(at, at + window_seconds, side="left")
    begin = np.arange(len(mine))
    number = fresh[end] - fresh[begin]
    is_burst = (number >= least) & (number >= LEAST_SHARE * (end - begin))
    is_part = np.zeros(len(mine) + 1, dtype=np.int64)
    np.add.at(is_part, begin[is_burst], 1)
    np.add.at(is_part, end[is_burst], -1)
    chosen = mine[(np.cumsum(is_part)[:-1] > 0) & is_fresh[mine]]
    if len(chosen):
        span = int(seconds[chosen].max() - seconds[chosen].min())
        yield Burst(int(looks[mine[0]]), chosen, span)
