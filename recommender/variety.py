"""Not ten of a kind: what is as another that is shown already gives way.

Maximal marginal relevance, after Carbonell and Goldstein, SIGIR 1998.
"""

import numpy as np
from numpy.typing import NDArray

from recommender.taste import Floats


def spread(
    scores: NDArray[np.floating], factors: Floats, *, top: int, strength: float
) -> NDArray[np.intp]:
    """Places of the `top` that are best and unlike each other, in the order they were chosen.

    `scores` is (items,), best first, `factors` (items × factors). Each next one has the greatest
    score − strength · (its greatest cosine with one chosen before, from 0); ties by place.
    """
    norms = np.linalg.norm(factors, axis=1, keepdims=True)
    unit = np.divide(factors, norms, out=np.zeros_like(factors), where=norms > 0)
    alike = np.zeros(len(scores))
    left = np.array(scores, float)
    chosen: list[int] = []
    for _ in range(min(top, len(scores))):
        place = int(np.argmax(left - strength * alike))
        chosen.append(place)
        left[place] = -np.inf
        alike = np.maximum(alike, unit @ unit[place])
    return np.array(chosen, np.intp)
