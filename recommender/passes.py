"""One pass over everybody who has something to be found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from recommender.batch import Crowd, best
from recommender.metrics import Scores, measure
from recommender.settings import Settings
from recommender.taste import Floats


@dataclass(frozen=True, eq=False)
class Part:
    """What is fitted and what has to be found, (users × items) both.

    Nothing that is fitted is ranked, nor what `aside` holds, where a protocol puts some aside.
    """

    train: csr_matrix
    wanted: csr_matrix
    aside: csr_matrix | None = None

    def masked(self) -> csr_matrix:
        """What is not ranked."""
        return self.train if self.aside is None else (self.train + self.aside).tocsr()


@dataclass(frozen=True, eq=False)
class Pass:
    """What one pass over everybody with something to be found saw."""

    scores: Scores
    creditable: float
    catalogue: float


def pass_over(
    part: Part,
    friends: csr_matrix,
    factors: Floats,
    settings: Settings,
    cuts: tuple[int, ...] = (10,),
) -> Pass:
    """Rank everything but what is masked, for each shopper with something to be found.

    `creditable` is the share of the first list's items that a friend has, `catalogue` the share
    of all items that is in anybody's first list, `cuts` being how long the lists are.
    """
    counts = np.diff(part.wanted.indptr)
    shoppers = np.flatnonzero(counts)
    crowd = Crowd(part.train, friends, factors, settings)
    tastes = crowd.tastes()
    scores: dict[str, NDArray[np.float64]] = {}
    for cut in cuts[::-1]:  # a list of twenty may begin otherwise than one of ten: see `names`
        blocks = list(best(crowd, shoppers, cut, masked=part.masked(), tastes=tastes))
        items = np.concatenate([block.items for block in blocks])
        cells = (np.repeat(shoppers, items.shape[1]), items.ravel())
        hits = np.asarray(part.wanted[cells]).reshape(items.shape) > 0
        scores |= measure(hits, counts[shoppers], (cut,)).of_each
    return Pass(
        Scores(scores),
        creditable=float(np.concatenate([block.has_friend for block in blocks]).mean()),
        catalogue=len(np.unique(items)) / int(part.train.shape[1]),
    )
