"""What goes with what: damped confidence over baskets, and how many shoppers bought both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from recommender import kinds as of_kinds
from recommender.kinds import Kinds

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.int32]]

DAMPING = 2.0  # so many common baskets are chance
KEPT = 100
# As many baskets of an item weigh as much as what is popular, and as what goes with its kind.
POPULAR, ALIKE = 10.0, 40.0
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


def count(
    baskets: csr_matrix,
    bought: csr_matrix,
    *,
    exponent: float,
    kinds: NDArray[np.int64] | None = None,
) -> Together:
    """Lists of what goes with each item.

    The damped confidence of b with a is max(n_ab − 2, 0) / (n_a · p_b^g): n counts baskets, p_b
    is the share of baskets with b and g the `exponent`; g = 0 is plain confidence, g = 1 lift.
    `bought` is (shoppers × items), not 0 where she bought it. With `kinds`, coded from 0, (items,),
    what is seldom bought borrows from its kind, with k = `POPULAR` and m = `ALIKE`:
    (n_a · damped confidence + k · p_b^(1−g) + m · P(b | kind of a) / p_b^g) / (n_a + k + m).
    """
    occurrences = np.asarray(baskets.sum(axis=0), float).ravel()
    share = np.maximum(occurrences, 1.0) / max(baskets.shape[0], 1)
    has_pairs = baskets.shape[0] > 0
    kind = of_kinds.count(baskets, kinds) if kinds is not None and has_pairs else None
    lender = None if kind is None else _Lender.of(kind, share, exponent)
    bought = _ones(bought)
    by_item, by_owned = baskets.T.tocsr(), bought.T.tocsr()
    parts: list[Pairs] = []
    for start in range(0, baskets.shape[1], BLOCK):
        rows = slice(start, start + BLOCK)
        pairs = (by_item[rows] @ baskets).tocoo()
        first, second = pairs.row.astype(np.int64) + start, pairs.col.astype(np.int64)
        strong = (pairs.data > DAMPING) & (first != second)
        first, second = first[strong], second[strong]
        value = (pairs.data[strong] - DAMPING) / share[second] ** exponent
        if lender is not None:
            first, second, value = lender.lend(rows, first, second, value)
        if not len(first):
            continue
        value = value / (occurrences[first] + (0.0 if lender is None else POPULAR + ALIKE))
        first, second, value = _best(first, second, value)
        shared = (by_owned[rows] @ bought).tocsr()
        shoppers = np.asarray(shared[first - start, second]).ravel().astype(np.int32)
        parts.append((first, second, value, shoppers))
    return _lists(parts, baskets.shape[1])


@dataclass(frozen=True, eq=False)
class _Lender:
    """What kinds lend their items: all of it, and of each kind the `KEPT` that go best with it.

    Both (kinds × items), P(b | kind) / p_b^g; `popular` is p_b^(1−g), (items,).
    """

    kind: Kinds
    whole: csr_matrix
    best: csr_matrix
    popular: NDArray[np.float64]

    @classmethod
    def of(cls, kind: Kinds, share: NDArray[np.float64], exponent: float) -> "_Lender":
        whole = (kind.beside @ diags(share**-exponent)).tocsr()
        row, column, value = _best(*_cells(whole))
        best = csr_matrix((value, (row, column)), shape=whole.shape)
        return cls(kind, whole, best, share ** (1.0 - exponent))

    def lend(
        self,
        rows: slice,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        value: NDArray[np.float64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Pairs of these rows with what their kinds and what is popular add, and more pairs."""
        own = self.kind.of[rows]
        value = value + ALIKE * np.asarray(self.whole[self.kind.of[first], second]).ravel()
        more, others, lent = _cells(self.best[own])
        more = more + rows.start
        items = len(self.popular)
        is_new = (more != others) & ~np.isin(more * items + others, first * items + second)
        first = np.concatenate([first, more[is_new]])
        second = np.concatenate([second, others[is_new]])
        value = np.concatenate([value, ALIKE * lent[is_new]])
        return first, second, value + POPULAR * self.popular[second]


def _cells(
    matrix: csr_matrix,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Row, column and value of what is above 0."""
    cells = matrix.tocoo()
    kept = cells.data > 0
    row, column = cells.row[kept].astype(np.int64), cells.col[kept].astype(np.int64)
    return row, column, cells.data[kept].astype(float)


def _ones(matrix: csr_matrix) -> csr_matrix:
    shape = matrix.shape
    return csr_matrix((np.ones(matrix.nnz, np.float32), matrix.indices, matrix.indptr), shape)


def _best(
    first: NDArray[np.int64], second: NDArray[np.int64], value: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The `KEPT` greatest values of each first item."""
    order = np.lexsort((second, -value, first))
    first, second, value = first[order], second[order], value[order]
    place = np.arange(len(first)) - np.searchsorted(first, first)
    kept = place < KEPT
    return first[kept], second[kept], value[kept]


def _lists(parts: list[Pairs], items: int) -> Together:
    if not parts:
        none = np.zeros(0, np.int64)
        parts = [(none, none, np.zeros(0), np.zeros(0, np.int32))]
    first, second, value, shoppers = (np.concatenate(column) for column in zip(*parts, strict=True))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(first, minlength=items))])
    return Together(
        indptr.astype(np.int64), second.astype(np.int32), value.astype(np.float32), shoppers
    )
