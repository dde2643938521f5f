"""Taste: factors from a seed, and shoppers folded in exactly."""

import numpy as np
import pytest
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix, random_array

from recommender.taste import TasteSettings, factorise, fold_in, prior_of

SETTINGS = TasteSettings(factors=6, alpha=4.0, regularisation=3.0)


def matrix(users: int, items: int, density: float) -> csr_matrix:
    generator = np.random.default_rng(3)
    return csr_matrix(
        random_array((users, items), density=density, rng=generator, dtype=np.float32)
    )


@pytest.mark.parametrize("density", [0.05, 0.9], ids=["few items", "more items than factors"])
def test_folding_in_solves_the_equation_of_the_paper(density: float) -> None:
    weights = matrix(5, 40, density)
    factors = np.random.default_rng(1).normal(size=(40, 6)).astype(np.float32)
    folded = fold_in(weights, factors, prior_of(factors, 3.0), 4.0)
    for row in range(5):
        confidence = 1 + 4.0 * weights[[row]].toarray().ravel()
        wanted = confidence > 1
        left = (factors.T * confidence) @ factors + 3.0 * np.eye(6)
        right = factors.T @ (confidence * wanted)
        assert folded[row] == pytest.approx(np.linalg.solve(left, right), abs=1e-4)


def test_folding_in_agrees_with_the_library_that_fitted() -> None:
    weights = matrix(30, 40, 0.2)
    factors = factorise(weights, SETTINGS)
    confident = weights.copy()
    confident.data = 1 + 4.0 * confident.data
    model = AlternatingLeastSquares(factors=6, alpha=1.0, regularization=3.0, num_threads=1)
    model.item_factors, model.user_factors = factors, np.zeros((30, 6), np.float32)
    theirs = model.recalculate_user(np.arange(30), confident)
    assert fold_in(weights, factors, prior_of(factors, 3.0), 4.0) == pytest.approx(theirs, abs=1e-4)


def test_a_seed_gives_one_result_and_another_seed_another() -> None:
    weights = matrix(30, 40, 0.2)
    again = factorise(weights, SETTINGS)
    assert np.array_equal(factorise(weights, SETTINGS), again)
    other = TasteSettings(factors=6, alpha=4.0, regularisation=3.0, seed=6)
    assert not np.array_equal(factorise(weights, other), again)


def test_nothing_to_fit_gives_factors_of_nothing() -> None:
    assert factorise(csr_matrix((0, 0)), SETTINGS).shape == (0, 6)
    assert not factorise(csr_matrix((3, 2)), SETTINGS).any()
