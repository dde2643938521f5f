"""What a treatment changed: the interval holds the truth as often as it says, with friends too."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from loyalty.experiments.lift import Cluster, Lift, lift, mean_of, widening
from tests.scale import times

TRUE_LIFT = 3.0


def people(*totals: float) -> list[Cluster]:
    return [Cluster(1, total) for total in totals]


def test_a_mean_of_people_drawn_alone_is_the_plain_one() -> None:
    values = [1.0, 4.0, 4.0, 7.0]
    mean = mean_of(people(*values))
    assert mean.value == 4
    assert mean.variance == pytest.approx(np.var(values, ddof=1) / 4)


def test_a_circle_counts_with_all_of_its_people() -> None:
    mean = mean_of([Cluster(3, 30), Cluster(1, 2), Cluster(0, 0)])
    assert (mean.people, mean.clusters, mean.value) == (4, 2, 8)
    # Residuals 30 - 8·3 = 6 and 2 - 8 = -6: 2/1 · 72/16.
    assert mean.variance == pytest.approx(9)


def test_with_few_circles_nothing_is_said() -> None:
    assert lift(people(*range(9)), people(*range(50))) is None
    assert lift(people(*range(50)), [*people(*range(9)), Cluster(0, 0)]) is None


def test_where_nobody_differs_the_difference_is_known() -> None:
    found = lift(people(*[5] * 10), people(*[5] * 10))
    assert found is not None
    assert (found.difference, found.low, found.high, found.is_clear) == (0, 0, 0, False)


@pytest.mark.parametrize(("by", "is_clear"), [(0, False), (1, False), (100, True), (-100, True)])
def test_only_a_difference_beyond_chance_is_clear(by: int, is_clear: bool) -> None:
    held_out = people(*range(20))
    found = lift(people(*(value + by for value in range(20))), held_out)
    assert found is not None
    assert found.difference == pytest.approx(by)
    assert found.is_clear == is_clear


def trial(random: np.random.Generator) -> tuple[list[Cluster], list[Cluster]]:
    """Circles of very different sizes, whose people have a common taste; half are treated."""
    arms: tuple[list[Cluster], list[Cluster]] = ([], [])
    for number in range(120):
        size = int(random.integers(1, 12))
        common = random.normal(20, 6)
        values = common + random.normal(0, 4, size) + (TRUE_LIFT if number % 2 else 0)
        arms[number % 2 == 0].append(Cluster(size, float(values.sum())))
    return arms


def alone(arm: list[Cluster], random: np.random.Generator) -> list[Cluster]:
    """The same as if everybody had been drawn alone: what the interval must not be made of."""
    return [
        Cluster(1, cluster.total / cluster.people + float(random.normal(0, 4)))
        for cluster in arm
        for _ in range(cluster.people)
    ]


def covered(found: Any) -> bool:
    return bool(found.low <= TRUE_LIFT <= found.high)


READINGS = range(10, 121, 10)


def readings(random: np.random.Generator, *, grows: bool) -> list[Lift]:
    """An experiment as somebody reads it who looks after every ten circles.

    Where it `grows`, everybody goes on to buy at their own pace until the last reading, as they
    do; otherwise what was measured of a circle stays as it was.
    """
    arms = trial(random)
    found = []
    for number, reading in enumerate(READINGS, start=1):
        so_far = [arm[: reading // 2] for arm in arms]
        pace = number / len(READINGS) if grows else 1
        shown = [
            [Cluster(one.people, one.total * pace) for one in (arm if grows else some)]
            for arm, some in zip(arms, so_far, strict=True)
        ]
        found.append(lift(*shown))
    return [one for one in found if one is not None]


def ever_missed(
    found: list[Lift], truths: Sequence[float], margin: Callable[[Lift], float]
) -> bool:
    pairs = zip(found, truths, strict=True)
    return any(abs(one.difference - truth) > margin(one) for one, truth in pairs)


def as_told(found: Lift) -> float:
    return (found.high - found.low) / 2


def as_read_once(found: Lift) -> float:
    """The control: the interval of a single reading, which the eager read again and again."""
    return 2.0 * (found.treated.variance + found.held_out.variance) ** 0.5


def missed(margin: Callable[[Lift], float], *, seed: int, trials: int, grows: bool) -> float:
    random = np.random.default_rng(seed)
    number = 0
    for _ in range(trials):
        found = readings(random, grows=grows)
        last = len(READINGS)
        truths = [
            TRUE_LIFT * (place / last if grows else 1)
            for place in range(last - len(found) + 1, last + 1)
        ]
        number += ever_missed(found, truths, margin)
    return number / trials


@pytest.mark.proof(rounds=20)
@pytest.mark.parametrize("grows", [True, False])
def test_all_readings_together_miss_the_truth_at_most_once_in_twenty(
    proof_round: int, grows: bool
) -> None:
    trials = times(200, 1000)
    found = missed(as_told, seed=proof_round, trials=trials, grows=grows)
    assert found <= 0.05 + 4 * (0.05 * 0.95 / trials) ** 0.5


def test_an_interval_for_one_reading_that_is_read_again_and_again_is_caught() -> None:
    assert missed(as_read_once, seed=1, trials=200, grows=False) > 0.12


@pytest.mark.parametrize(("number", "factor"), [(10, 4.92), (60, 3.24), (250, 3.04), (2500, 3.26)])
def test_what_it_costs_to_look_as_often_as_one_likes(number: int, factor: float) -> None:
    """Standard errors to either side; 1.96 are those of a single reading."""
    assert widening(number) == pytest.approx(factor, abs=0.01)


def test_the_interval_of_people_drawn_alone_misses_the_truth_too_often() -> None:
    """The control: forget that friends are alike, and the interval is far too narrow."""
    random = np.random.default_rng(1)
    arms = [trial(random) for _ in range(200)]
    held = sum(covered(lift(alone(one, random), alone(other, random))) for one, other in arms)
    assert held / 200 < 0.9
