"""What a treatment changed in a span that was fixed beforehand and is over, read once.

Whole clusters were drawn, so that what friends pass on to each other stays inside an arm and is
part of what is measured: the difference for each person between treating all circles and none.
`lift` is for experiments that are watched while they run; for a span that nobody can end early its
interval is wider than it needs to be. Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from loyalty.experiments.lift import FEWEST_CLUSTERS, LEVEL, Cluster, Mean


@dataclass(frozen=True)
class OneReading:
    """Mean of the treated less mean of those held out, for each person, with its interval.

    `relative` is the difference as a share of the mean of those held out, with an interval that
    leaves out nought whenever the other does; all three are None where that mean may be nought.
    """

    treated: Mean
    held_out: Mean
    difference: float
    low: float
    high: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None

    @property
    def is_clear(self) -> bool:
        """Whether nought is outside of the interval."""
        return self.low > 0 or self.high < 0


def read_once(treated: Sequence[Cluster], held_out: Sequence[Cluster]) -> OneReading | None:
    """What the treatment changed; None where too few clusters were drawn to tell.

    A t interval with the degrees of freedom of F. E. Satterthwaite, Biometrics Bulletin 2, 1946,
    over both arms; of a hundred such spans ninety-five hold the truth.
    """
    arms = [[one for one in arm if one.people > 0] for arm in (treated, held_out)]
    if min(map(len, arms)) < FEWEST_CLUSTERS:
        return None
    (with_it, its_freedom), (without, other_freedom) = map(_mean, arms)
    variance = with_it.variance + without.variance
    parts = with_it.variance**2 / its_freedom + without.variance**2 / other_freedom
    # Where nobody differs there is nothing to be free, and any quantile gives the same.
    factor = t_quantile(variance**2 / parts if parts else math.inf)
    difference = with_it.value - without.value
    margin = factor * math.sqrt(variance)
    relative = _relative(with_it, without, factor)
    return OneReading(
        with_it, without, difference, difference - margin, difference + margin, *relative
    )


def t_quantile(freedom: float) -> float:
    """Student's t that leaves `LEVEL` between minus and plus, for four degrees of freedom or more.

    M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 1964, formula 26.7.5.
    """
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _mean(drawn: Sequence[Cluster]) -> tuple[Mean, float]:
    """The ratio of totals to people, its variance, and the degrees of freedom of that.

    The ratio and its linearisation are those of J. A. Middleton and P. M. Aronow, Unbiased
    Estimation of the Average Treatment Effect in Cluster-Randomized Experiments, Statistics,
    Politics and Policy 6, 2015. Each residual is widened for the weight of its own cluster, and
    the freedom counted, as R. M. Bell and D. F. McCaffrey, Bias Reduction in Standard Errors for
    Linear Regression with Multi-Stage Samples, Survey Methodology 28, 2002 (CR2): without it few
    clusters, or one that is much larger than the others, make the interval too narrow.
    """
    people = sum(one.people for one in drawn)
    ratio = math.fsum(one.total for one in drawn) / people
    weights = [one.people / people for one in drawn]
    variance = math.fsum(
        (one.total - ratio * one.people) ** 2 / (1 - weight)
        for one, weight in zip(drawn, weights, strict=True)
    )
    pulls = [weight**2 / (1 - weight) for weight in weights]
    spread = math.fsum(weight**2 for weight in weights) + math.fsum(pulls) ** 2
    freedom = 1 / (spread - math.fsum(pull**2 for pull in pulls))
    return Mean(people, len(drawn), ratio, variance / people**2), max(4.0, freedom)


def _relative(
    with_it: Mean, without: Mean, factor: float
) -> tuple[float, float, float] | tuple[None, None, None]:
    """The quotient of both means less one, with the limits of E. C. Fieller, JRSS B 16, 1954."""
    squared = factor**2
    below = without.value**2 - squared * without.variance
    if below <= 0 or without.value < 0:
        return None, None, None
    middle = with_it.value * without.value
    above = with_it.value**2 - squared * with_it.variance
    reach = math.sqrt(max(0.0, middle**2 - below * above))
    low, high = ((middle + sign * reach) / below - 1 for sign in (-1, 1))
    return with_it.value / without.value - 1, low, high
