"""A span that is over: its interval holds the truth as often as it says, with spillover too."""

from collections.abc import Iterable
from math import comb

import numpy as np
import pytest

from loyalty.experiments.lift import Cluster
from loyalty.experiments.once import OneReading, read_once, t_quantile
from tests.builders.spillover import TRUTH, Arms, drawn_apart, trials
from tests.scale import times


def people(*totals: float) -> list[Cluster]:
    return [Cluster(1, total) for total in totals]


def reading(arms: Arms) -> OneReading:
    found = read_once(arms["treatment"], arms["holdout"])
    assert found is not None
    return found


def covered(found: Iterable[OneReading]) -> int:
    return sum(one.low <= TRUTH <= one.high for one in found)


def likely(runs: int, *, share: float = 0.95, beyond: float = 0.0005) -> tuple[int, int]:
    """Between which counts all but so few such runs fall, on either side: exact, by binomials."""
    chance = [comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(runs + 1)]
    low = next(k for k in range(runs + 1) if sum(chance[: k + 1]) > beyond)
    high = next(k for k in range(runs, -1, -1) if sum(chance[k:]) > beyond)
    return low, high


@pytest.mark.parametrize(
    ("freedom", "told"), [(4, 2.776), (9, 2.262), (18, 2.101), (58, 2.002), (1e9, 1.960)]
)
def test_quantiles_are_those_of_the_printed_tables(freedom: float, told: float) -> None:
    assert t_quantile(freedom) == pytest.approx(told, abs=0.002)


def test_people_drawn_alone_and_alike_in_number_give_the_t_test_of_the_books() -> None:
    random = np.random.default_rng(3)
    some, others = random.normal(12, 2, 15), random.normal(10, 2, 15)
    found = read_once(people(*some), people(*others))
    assert found is not None
    variances = [np.var(one, ddof=1) / 15 for one in (some, others)]
    freedom = sum(variances) ** 2 / sum(one**2 / 14 for one in variances)
    margin = t_quantile(freedom) * sum(variances) ** 0.5
    assert found.high - found.difference == pytest.approx(margin)
    assert found.difference == pytest.approx(some.mean() - others.mean())


def test_one_large_circle_widens_the_interval_more_than_its_people_narrow_it() -> None:
    even = [Cluster(4, total) for total in range(30, 50)]
    uneven = [*even[:-1], Cluster(60, 60 * 12.0)]
    plain, wide = (read_once(one, even) for one in (even, uneven))
    assert plain is not None
    assert wide is not None
    assert wide.high - wide.low > plain.high - plain.low


@pytest.mark.parametrize("by", [0, 1, 30, -30])
def test_the_relative_interval_leaves_nought_out_exactly_when_the_other_does(by: int) -> None:
    held_out = people(*(100 + value for value in range(20)))
    found = read_once(people(*(100 + value + by for value in range(20))), held_out)
    assert found is not None
    assert found.relative == pytest.approx(by / 109.5)
    assert found.relative_low is not None
    assert found.relative_high is not None
    assert found.relative_low < by / 109.5 < found.relative_high
    is_clear = found.relative_low > 0 or found.relative_high < 0
    assert is_clear is found.is_clear is (abs(by) == 30)


def test_a_share_of_what_may_be_nothing_is_not_told() -> None:
    found = read_once(people(*range(20)), people(*([0] * 19), 1))
    assert found is not None
    assert (found.relative, found.relative_low, found.relative_high) == (None, None, None)


def test_where_nobody_differs_the_difference_is_known() -> None:
    found = read_once(people(*[5] * 10), people(*[5] * 10))
    assert found is not None
    assert (found.difference, found.low, found.high, found.is_clear) == (0, 0, 0, False)


def test_with_few_circles_nothing_is_said() -> None:
    assert read_once(people(*range(9)), people(*range(50))) is None
    assert read_once(people(*range(50)), [*people(*range(9)), Cluster(0, 0)]) is None


@pytest.mark.proof(rounds=3)
@pytest.mark.parametrize("circles", [60, 200])
def test_950_of_a_thousand_experiments_hold_the_truth_and_those_of_the_naive_do_not(
    proof_round: int, circles: int
) -> None:
    """The controls: to read people as if drawn alone, and to draw friends apart in the first place.

    The one forgets that friends are alike, so its interval is too narrow; the other has those held
    out hear of it from their friends, so the difference shrinks.
    """
    number = times(60, 1000)
    how = {"seed": proof_round + 100, "number": number, "circles": circles}
    found = list(trials(**how))
    held = covered(reading(one.circles) for one in found)
    alone = covered(reading(one.alone) for one in found)
    apart = covered(map(reading, drawn_apart(**how)))
    low, high = (930, 970) if number == 1000 else likely(number)
    assert low <= held <= high
    assert max(alone, apart) < low
