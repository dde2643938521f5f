"""Recall, NDCG and precision."""

import math

import numpy as np
import pytest

from recommender.metrics import measure

HITS = np.array([[True, False, True], [False, False, False]])


def test_measures_are_those_of_the_books() -> None:
    scores = measure(HITS, np.array([4, 1]), (3,))
    gain = 1 + 1 / math.log2(4)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)  # three places, though four are wanted
    assert scores.of_each["recall@3"].tolist() == [0.5, 0.0]
    assert scores.of_each["precision@3"].tolist() == [pytest.approx(2 / 3), 0.0]
    assert scores.of_each["ndcg@3"].tolist() == [pytest.approx(gain / ideal), 0.0]


def test_the_ideal_list_is_no_longer_than_what_is_wanted() -> None:
    first = np.array([[True, False, False]])
    assert measure(first, np.array([1]), (3,)).mean("ndcg@3") == 1.0


def test_standard_errors_are_those_of_the_mean() -> None:
    scores = measure(HITS, np.array([2, 2]), (3,))
    assert scores.error("recall@3") == pytest.approx(math.sqrt(0.5) / math.sqrt(2))
    assert measure(HITS[:1], np.array([2]), (3,)).error("recall@3") == 0.0


def test_a_list_shorter_than_the_cut_is_measured_by_what_it_has() -> None:
    scores = measure(np.array([[True]]), np.array([2]), (10,))
    assert scores.mean("recall@10") == 0.5
    assert scores.mean("precision@10") == 0.1


def test_who_wants_nothing_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="without test items"):
        measure(HITS, np.array([1, 0]), (3,))
