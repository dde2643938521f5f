"""Friends: what they have counts as votes, the one who adds most is credited."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.taste import Floats

# A friend whose taste is another's altogether still has this much of a say.
FLOOR = 0.05
# Whoever has the very piece that was just bought is the better name for what goes with it.
HAS_ANCHOR = 2.0


@dataclass(frozen=True, eq=False)
class Votes:
    """Who speaks for what: `each` is (friends × items), its column sums the term of an item."""

    each: csr_matrix

    def of(self, friend: int, item: int) -> float:
        """How much one friend speaks for an item."""
        return float(self.each[friend, item])

    def credited(self, item: int, has_anchor: Sequence[bool]) -> int | None:
        """The friend with the largest term of an item, or None where nobody has it.

        Counts double for who has the anchor too; ties go to the first. Credit comes from votes
        alone: whoever gets it has the item, and without her the item's term is lower.
        """
        places = np.flatnonzero(self.each.indices == item)
        friends = (np.searchsorted(self.each.indptr, places, side="right") - 1).tolist()
        terms = self.each.data[places].tolist()
        credit = [
            (term * (HAS_ANCHOR if has_anchor[friend] else 1.0), -friend)
            for friend, term in zip(friends, terms, strict=True)
        ]
        return -max(credit)[1] if credit else None


def say(shopper: Floats, friends: Floats) -> NDArray[np.float64]:
    """How much each friend counts, (friends,), summing to 1: the cosine of tastes and `FLOOR`.

    `shopper` is (factors,), `friends` (friends × factors); opposite tastes are as unlike ones,
    and for a shopper without any taste yet all friends count alike.
    """
    norms = np.linalg.norm(friends, axis=1) * np.linalg.norm(shopper)
    cosines = np.divide(friends @ shopper, norms, out=np.zeros(len(friends)), where=norms > 0)
    weights = np.asarray(np.maximum(cosines, 0.0) + FLOOR, float)
    return weights / max(float(weights.sum()), FLOOR)


def cast(has: csr_matrix, weights: NDArray[np.float64]) -> Votes:
    """The votes of friends who have what `has` (friends × items, from 0) says, at most 1 each."""
    each = has.astype(np.float64)
    each.data = np.minimum(each.data, 1.0) * np.repeat(weights, np.diff(each.indptr))
    return Votes(each)


def stand_in(friends: Floats, has: csr_matrix) -> Floats:
    """The taste of who has none yet, (factors,): her friends' mean, the busier weighing more."""
    weights = np.sqrt(np.diff(has.indptr)).astype(np.float32)
    total = float(weights.sum())
    return weights @ friends / np.float32(total) if total else np.zeros_like(friends.sum(axis=0))
