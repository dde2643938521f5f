"""What shoppers did, as confidence weights."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.interactions import Event, Weights, gather
from tests.builders.tastes import NOW, happened

WEIGHTS = Weights({"purchase": 1.0, "like": 0.5}, half_life_days=30.0)


def weight(*events: Event) -> float:
    gathered = gather(events, weights=WEIGHTS, now=NOW)
    return float(gathered.user_items.sum())


def test_a_fresh_deed_counts_by_its_kind_and_half_as_much_a_half_life_later() -> None:
    assert weight(happened("ann", "hat", days_ago=0)) == pytest.approx(1.0)
    assert weight(happened("ann", "hat", "like", days_ago=0)) == pytest.approx(math.log2(1.5))
    assert weight(happened("ann", "hat", days_ago=30)) == pytest.approx(math.log2(1.5))


def test_repeats_add_up_and_saturate() -> None:
    hundred = [happened("ann", "hat", days_ago=0)] * 100
    assert weight(*hundred) == pytest.approx(math.log2(101))


def test_what_is_unknown_or_not_yet_done_counts_nothing() -> None:
    assert weight(happened("ann", "hat", "dance")) == 0
    assert weight(happened("ann", "hat", "save")) == 0
    assert weight(happened("ann", "hat", days_ago=-1)) == 0
    assert gather([], weights=WEIGHTS, now=NOW).user_items.shape == (0, 0)


def test_shoppers_and_items_stand_in_order_of_id() -> None:
    gathered = gather([happened("eve", "hat"), happened("ann", "tie")], weights=WEIGHTS, now=NOW)
    assert gathered.users == ("ann", "eve")
    assert gathered.items == ("hat", "tie")
    assert (gathered.user_items.toarray() > 0).tolist() == [[False, True], [True, False]]


@pytest.mark.parametrize("at", [math.nan, math.inf])
def test_times_that_are_no_numbers_are_refused(at: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        gather([Event("ann", "hat", "like", at)], weights=WEIGHTS, now=NOW)
    with pytest.raises(ValueError, match="not a number"):
        gather([], weights=WEIGHTS, now=at)


@pytest.mark.parametrize("bad", [-1.0, math.nan, math.inf])
def test_weights_that_mean_nothing_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        Weights({"like": bad})
    with pytest.raises(ValueError, match="half_life_days"):
        Weights(half_life_days=min(bad, 0.0))
    with pytest.raises(ValueError, match="dance"):
        Weights({"dance": 1.0})


@given(st.permutations([("ann", "hat", day) for day in (0.1, 3.3, 7.7, 9.1, 31.3)]))
def test_the_order_of_events_changes_no_bit(days: list[tuple[str, str, float]]) -> None:
    events = [happened(user, item, days_ago=day) for user, item, day in days]
    assert weight(*events) == weight(*sorted(events, key=lambda event: event.at))
