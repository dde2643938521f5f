"""What goes with what: damped confidence over baskets, and how many shoppers bought both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]

DAMPING = 2.0  # so many common baskets are chance
KEPT = 100
BLOCK = 2048  # rows of the product held in memory at once


@dataclass(frozen=True, eq=False)
class Together:
    """For each item the `KEPT` that go best with it, best first; ties by column.

    `indptr` is (items + 1,), the rest as long as there are pairs: `others` columns, `confidence`
    (float32, above 0, no unit) and `shoppers`, distinct shoppers who bought both.
    """

    indptr: NDArray[np.int64]
    others: NDArray[np.int32]
    confidence: NDArray[np.float32]
    shoppers: NDArray[np.int32]

    def of(self, item: int) -> slice:
        """Where the list of an item lies."""
        return slice(int(self.indptr[item]), int(self.indptr[item + 1]))


def basket_matrix(baskets: Iterable[Sequence[str]], column_of: Mapping[str, int]) -> csr_matrix:
    """(baskets × items) of zeros and ones; items that are not known and repeats fall out."""
    columns: list[int] = []
    indptr = [0]
    for basket in baskets:
        columns += sorted({column_of[item] for item in basket if item in column_of})
        indptr.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    shape = (len(indptr) - 1, len(column_of))
    return csr_matrix((ones, np.array(columns, np.int32), np.array(indptr)), shape=shape)


def count(baskets: csr_matrix, bought: csr_matrix, *, exponent: float) -> Together:
    """Lists of what goes with each item.

    The damped confidence of b with a is max(n_ab − 2, 0) / (n_a · p_b^g): n counts baskets, p_b
    is the share of baskets with b and g the `exponent`; g = 0 is plain confidence, g = 1 lift.
    `bought` is (shoppers × items), not 0 where she bought it.
    """
    occurrences = np.asarray(baskets.sum(axis=0), float).ravel()
    share = np.maximum(occurrences, 1.0) / max(baskets.shape[0], 1)
    penalty = share**exponent
    by_item, owners = baskets.T.tocsr(), _ones(bought).T.tocsr()
    parts: list[Pairs] = []
    for start in range(0, baskets.shape[1], BLOCK):
        rows = slice(start, start + BLOCK)
        pairs = (by_item[rows] @ baskets).tocoo()
        first, second = pairs.row + start, pairs.col
        strong = (pairs.data > DAMPING) & (first != second)
        first, second = first[strong], second[strong]
        value = (pairs.data[strong] - DAMPING) / (occurrences[first] * penalty[second])
        parts.append(_best(first, second, value))
    return _lists(parts, owners, baskets.shape[1])


def _ones(matrix: csr_matrix) -> csr_matrix:
    shape = matrix.shape
    return csr_matrix((np.ones(matrix.nnz, np.float32), matrix.indices, matrix.indptr), shape)


def _best(first: NDArray[np.int64], second: NDArray[np.int64], value: NDArray[np.float64]) -> Pairs:
    """The `KEPT` greatest values of each first item."""
    order = np.lexsort((second, -value, first))
    first, second, value = first[order], second[order], value[order]
    place = np.arange(len(first)) - np.searchsorted(first, first)
    kept = place < KEPT
    return first[kept], second[kept], value[kept]


def _lists(parts: list[Pairs], owners: csr_matrix, items: int) -> Together:
    first = np.concatenate([part[0] for part in parts] or [np.zeros(0, np.int64)])
    second = np.concatenate([part[1] for part in parts] or [np.zeros(0, np.int64)])
    value = np.concatenate([part[2] for part in parts] or [np.zeros(0)])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=items))])
    return Together(
        indptr.astype(np.int64),
        second.astype(np.int32),
        value.astype(np.float32),
        _shoppers(first, second, owners),
    )


def _shoppers(
    first: NDArray[np.int64], second: NDArray[np.int64], owners: csr_matrix
) -> NDArray[np.int32]:
    """How many shoppers hold both, pair by pair; `owners` is (items × shoppers)."""
    both = [
        owners[first[at : at + BLOCK]].multiply(owners[second[at : at + BLOCK]]).sum(axis=1)
        for at in range(0, len(first), BLOCK)
    ]
    counts = [np.asarray(part).ravel() for part in both] or [np.zeros(0)]
    return np.concatenate(counts).astype(np.int32)
