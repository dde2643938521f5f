"""What a treatment changed: the interval holds the truth as often as it says, with friends too."""

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from loyalty.experiments.lift import Cluster, lift, mean_of, student
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


@pytest.mark.parametrize(
    ("freedom", "expected"), [(5, 2.5706), (10, 2.2281), (30, 2.0423), (1000, 1.9623)]
)
def test_quantiles_are_those_of_the_tables(freedom: int, expected: float) -> None:
    assert student(0.975, freedom) == pytest.approx(expected, abs=0.002)


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


@pytest.mark.proof(rounds=20)
def test_the_interval_holds_the_truth_nineteen_times_in_twenty(proof_round: int) -> None:
    random = np.random.default_rng(proof_round)
    trials = times(400, 1000)
    held = sum(covered(lift(*trial(random))) for _ in range(trials))
    # Four standard deviations around 95 %, and for a thousand trials 930 to 970.
    assert abs(held / trials - 0.95) <= 4 * (0.95 * 0.05 / trials) ** 0.5


def test_the_interval_of_people_drawn_alone_misses_the_truth_too_often() -> None:
    """The control: forget that friends are alike, and the interval is far too narrow."""
    random = np.random.default_rng(1)
    arms = [trial(random) for _ in range(200)]
    held = sum(covered(lift(alone(one, random), alone(other, random))) for one, other in arms)
    assert held / 200 < 0.9


def test_the_normal_quantile_is_the_limit_of_students() -> None:
    assert student(0.975, 1e9) == pytest.approx(NormalDist().inv_cdf(0.975))
