"""What is liked most just now: likes that fade with age, and a head start for what is new."""

import numpy as np
from numpy.typing import NDArray

HALF_LIFE_SECONDS = 36 * 3600.0
# A new outfit is worth this many likes of the same age, so that it is seen before it is liked.
HEAD_START = 0.5


def rank(
    liked: NDArray[np.intp],
    like_ages: NDArray[np.float64],
    ages: NDArray[np.float64],
    *,
    half_life_seconds: float = HALF_LIFE_SECONDS,
) -> NDArray[np.intp]:
    """Indices into `ages` by faded likes, most first; level ones keep their order.

    `liked[i]` is the index of what like `i` went to and `like_ages[i]` how long ago, `ages` how
    long ago each thing appeared, all in seconds.
    """
    scores = HEAD_START * _faded(ages, half_life_seconds)
    np.add.at(scores, liked, _faded(like_ages, half_life_seconds))
    return np.argsort(-scores, kind="stable")


def _faded(ages: NDArray[np.float64], half_life_seconds: float) -> NDArray[np.float64]:
    return np.exp2(-np.maximum(ages, 0.0) / half_life_seconds)
