"""Taste: implicit alternating least squares, and where a shopper stands by live events.

Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM
2008, with their confidence c = 1 + alpha · w; solved by conjugate gradients after Takács,
Pilászy and Tikk, RecSys 2011, as the package `implicit` does it.
"""

from dataclasses import dataclass

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TasteSettings:
    """How taste is fitted. `alpha` is confidence per unit of weight, `threads` those of OpenMP."""

    factors: int = 96
    alpha: float = 10.0
    regularisation: float = 50.0
    iterations: int = 10
    seed: int = 5
    threads: int = 1


def factorise(user_items: csr_matrix, settings: TasteSettings) -> Floats:
    """Item factors (items × factors) for weights (users × items), the same for the same seed.

    BLAS gets one thread meanwhile: its own would fight those of OpenMP over the cores.
    Users' factors are not kept: `fold_in` solves them anew, which is also exact.
    """
    if user_items.nnz == 0:
        return np.zeros((user_items.shape[1], settings.factors), np.float32)
    with threadpool_limits(limits=1, user_api="blas"):
        model = AlternatingLeastSquares(
            factors=settings.factors,
            regularization=settings.regularisation,
            alpha=1.0,
            iterations=settings.iterations,
            num_threads=settings.threads,
            random_state=settings.seed,
        )
        model.fit(_confident(user_items, settings), show_progress=False)
    return np.asarray(model.item_factors, np.float32)


def _confident(user_items: csr_matrix, settings: TasteSettings) -> csr_matrix:
    confident = user_items.astype(np.float32)
    confident.data = 1.0 + np.float32(settings.alpha) * confident.data
    return confident


def fold_in(
    user_items: csr_matrix, item_factors: Floats, gram: Floats, settings: TasteSettings
) -> Floats:
    """Factors (users × factors) that fit best to weights (users × items), items held fixed.

    Solves (YᵀY + λI + Yᵤᵀ(C − I)Yᵤ) x = YᵤᵀC 1 for each row; `gram` is YᵀY. A row without
    weights has factors 0.
    """
    confident = _confident(user_items, settings)
    base = gram + settings.regularisation * np.eye(gram.shape[0], dtype=np.float32)
    folded = np.zeros((user_items.shape[0], gram.shape[0]), np.float32)
    for row in range(user_items.shape[0]):
        span = slice(confident.indptr[row], confident.indptr[row + 1])
        seen, confidence = item_factors[confident.indices[span]], confident.data[span]
        if len(seen):
            left = base + (seen.T * (confidence - 1.0)) @ seen
            folded[row] = np.linalg.solve(left, confidence @ seen)
    return folded
