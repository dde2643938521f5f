"""Not ten of a kind."""

import numpy as np

from recommender.variety import spread

SCORES = np.array([3.0, 2.9, 2.0, 1.0])
FACTORS = np.array([[2, 0], [1, 0], [0, 1], [0, 0]], np.float32)


def chosen(strength: float, top: int = 3) -> list[int]:
    return spread(SCORES, FACTORS, top=top, strength=strength).tolist()


def test_without_strength_the_best_are_shown() -> None:
    assert chosen(0.0) == [0, 1, 2]


def test_a_likeness_gives_way_as_far_as_the_strength_says() -> None:
    """The second is as the first altogether: it loses the strength, whole."""
    assert chosen(0.8) == [0, 1, 2]
    assert chosen(1.0) == [0, 2, 1]
    assert chosen(2.0) == [0, 2, 3]


def test_no_more_is_chosen_than_there_is() -> None:
    assert sorted(chosen(1.0, top=9)) == [0, 1, 2, 3]
    assert spread(SCORES[:0], FACTORS[:0], top=3, strength=1.0).tolist() == []
