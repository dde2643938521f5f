"""Taste: implicit alternating least squares, and where a shopper stands by live events.

Source: Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM
2008, with their confidence c = 1 + alpha · w; solved by conjugate gradients after Takács,
Pilászy and Tikk, RecSys 2011, as the package `implicit` does it.
"""

from dataclasses import dataclass
from itertools import pairwise

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


def fold_in(user_items: csr_matrix, item_factors: Floats, prior: Floats, alpha: float) -> Floats:
    """Factors (users × factors) that fit best to weights (users × items), items held fixed.

    Solves (P⁻¹ + Sᵀ(C − I)S) x = SᵀC 1 for each row, S being the factors of the items that it
    has and P the `prior` (YᵀY + λI)⁻¹. With fewer items than factors the same x is P Sᵀ w, where
    (I + (C − I) S P Sᵀ) w = C 1 has only as many unknowns as items. An empty row has factors 0.
    """
    folded = np.zeros((user_items.shape[0], item_factors.shape[1]), np.float32)
    for row, (start, end) in enumerate(pairwise(user_items.indptr.tolist())):
        seen = item_factors[user_items.indices[start:end]]
        extra = np.float32(alpha) * user_items.data[start:end]  # confidence less 1
        if len(seen) and len(seen) <= item_factors.shape[1]:
            spread = seen @ prior
            left = extra[:, None] * (spread @ seen.T)
            left[np.diag_indices(len(seen))] += 1.0
            folded[row] = np.linalg.solve(left, 1.0 + extra) @ spread
        elif len(seen):
            left = np.eye(len(prior), dtype=np.float32) + prior @ ((seen.T * extra) @ seen)
            folded[row] = np.linalg.solve(left, prior @ ((1.0 + extra) @ seen))
    return folded


def prior_of(item_factors: Floats, regularisation: float) -> Floats:
    """(YᵀY + λI)⁻¹, (factors × factors)."""
    return prior_from(gram_of(item_factors), regularisation)


def gram_of(item_factors: Floats) -> NDArray[np.float64]:
    """YᵀY, (factors × factors)."""
    return np.asarray(item_factors.astype(float).T @ item_factors)


def prior_from(gram: NDArray[np.float64], regularisation: float) -> Floats:
    """`prior_of`, from YᵀY."""
    return np.linalg.inv(gram + regularisation * np.eye(len(gram))).astype(np.float32)
