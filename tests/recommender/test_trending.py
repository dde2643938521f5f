"""What is liked most just now."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recommender.trending import rank

HOUR = 3600.0


def order(likes: list[tuple[int, float]], ages: list[float]) -> list[int]:
    liked = np.array([thing for thing, _ in likes], dtype=np.intp)
    like_ages = np.array([age for _, age in likes], dtype=np.float64)
    return rank(liked, like_ages, np.array(ages, dtype=np.float64)).tolist()


def test_more_likes_come_first() -> None:
    assert order([(1, HOUR), (1, HOUR), (0, HOUR)], [HOUR, HOUR, HOUR]) == [1, 0, 2]


def test_recent_likes_weigh_more_than_old_ones() -> None:
    week = 7 * 24 * HOUR
    assert order([(0, week)] * 5 + [(1, HOUR)], [week, week]) == [1, 0]


def test_what_is_new_is_seen_before_it_is_liked() -> None:
    assert order([], [50 * HOUR, HOUR, 10 * HOUR]) == [1, 2, 0]


def test_level_things_keep_their_order_and_nothing_ranks_nothing() -> None:
    assert order([], [HOUR] * 4) == [0, 1, 2, 3]
    assert order([], []) == []


@given(
    st.lists(st.tuples(st.integers(0, 9), st.floats(0, 1e7))),
    st.lists(st.floats(0, 1e7), min_size=10, max_size=10),
)
def test_everything_is_ranked_once_and_one_more_like_never_sinks(
    likes: list[tuple[int, float]], ages: list[float]
) -> None:
    before = order(likes, ages)
    assert sorted(before) == list(range(10))
    after = order([*likes, (3, 0.0)], ages)
    assert after.index(3) <= before.index(3)
