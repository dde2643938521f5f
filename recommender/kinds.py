"""What goes with a kind of thing: what is known of an anchor that itself was seldom bought."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix


@dataclass(frozen=True, eq=False)
class Kinds:
    """`of` is the kind of each item, `beside` (kinds × items) the shares that `shares` gives."""

    of: NDArray[np.int64]
    beside: csr_matrix

    def shares(self, items: NDArray[np.intp]) -> NDArray[np.float64]:
        """P(b | kind of a): the share of baskets with a's kind that have b, (items × all items).

        Of b's own kind it is the share with b and something else of the kind.
        """
        return np.asarray(self.beside[self.of[items]].toarray(), float)


def count(baskets: csr_matrix, kinds: NDArray[np.int64]) -> Kinds:
    """Count over (baskets × items) of zeros and ones, `kinds` being coded from 0, (items,)."""
    items, many = len(kinds), int(kinds.max()) + 1
    member = csr_matrix((np.ones(items, np.float32), (np.arange(items), kinds)), (items, many))
    of_kind = (baskets @ member).tocsr()
    has, several = of_kind.copy(), of_kind.copy()
    has.data = np.minimum(has.data, 1.0)
    several.data = (several.data > 1).astype(np.float32)
    several.eliminate_zeros()
    beside = (has.T @ baskets).tocoo()
    with_others = (several.T @ baskets).tocsr()
    own = beside.row == kinds[beside.col]
    beside.data[own] = np.asarray(with_others[beside.row[own], beside.col[own]]).ravel()
    baskets_with = np.maximum(np.asarray(has.sum(axis=0)).ravel(), 1.0)
    beside.data = beside.data / baskets_with[beside.row]
    return Kinds(kinds, beside.tocsr())
