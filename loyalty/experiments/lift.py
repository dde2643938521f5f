"""What a treatment changed, with the interval in which the truth lies nineteen times in twenty.

Somebody's friends may buy because somebody was treated: then people are no independent draws, but
their clusters are. So clusters are what is counted here, and a mean is a ratio of cluster totals.
Pure.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

LEVEL = 0.95
# Below this, no formula for large numbers holds.
FEWEST_CLUSTERS = 10


@dataclass(frozen=True)
class Cluster:
    """People who were drawn together: how many, and the sum of what was measured of them."""

    people: int
    total: float


def grouped(measured: Iterable[tuple[str, str, float]]) -> dict[str, list[Cluster]]:
    """What was measured of each person, told with arm and cluster: summed by cluster, by arm."""
    totals: dict[tuple[str, str], list[float]] = defaultdict(list)
    for arm, cluster_id, value in measured:
        totals[arm, cluster_id].append(value)
    found: dict[str, list[Cluster]] = {"treatment": [], "holdout": []}
    for (arm, _), values in totals.items():
        found[arm].append(Cluster(len(values), sum(values)))
    return found


@dataclass(frozen=True)
class Mean:
    """What was measured of a person on average, and the variance of that mean."""

    people: int
    clusters: int
    value: float
    variance: float


@dataclass(frozen=True)
class Lift:
    """Mean of the treated less mean of those held out, for each person, with its interval."""

    treated: Mean
    held_out: Mean
    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether nought is outside of the interval."""
        return self.low > 0 or self.high < 0


def mean_of(clusters: Iterable[Cluster]) -> Mean:
    """The ratio of totals to people, with its variance by linearisation.

    W. G. Cochran, Sampling Techniques, 3rd ed. 1977, section 9A.1 (clusters of unequal size, ratio
    to size), without the correction for a finite population. Needs two clusters with somebody in.
    Raises ValueError for fewer.
    """
    drawn = [cluster for cluster in clusters if cluster.people > 0]
    number, people = len(drawn), sum(cluster.people for cluster in drawn)
    if number < 2:
        raise ValueError("A variance needs two clusters.")
    ratio = math.fsum(cluster.total for cluster in drawn) / people
    residuals = math.fsum((cluster.total - ratio * cluster.people) ** 2 for cluster in drawn)
    variance = number / (number - 1) * residuals / people**2
    return Mean(people, number, ratio, variance)


def lift(treated: Sequence[Cluster], held_out: Sequence[Cluster]) -> Lift | None:
    """What the treatment changed; None where too few clusters were drawn to tell.

    Welch's interval for a difference of means with unequal variances (B. L. Welch, Biometrika 34,
    1947), its degrees of freedom by Satterthwaite.
    """
    arms = [[one for one in arm if one.people > 0] for arm in (treated, held_out)]
    if min(map(len, arms)) < FEWEST_CLUSTERS:
        return None
    with_it, without = map(mean_of, arms)
    variance = with_it.variance + without.variance
    difference = with_it.value - without.value
    if variance == 0:
        return Lift(with_it, without, difference, difference, difference)
    freedom = variance**2 / sum(
        mean.variance**2 / (mean.clusters - 1) for mean in (with_it, without)
    )
    margin = student(0.5 + LEVEL / 2, freedom) * math.sqrt(variance)
    return Lift(with_it, without, difference, difference - margin, difference + margin)


def student(probability: float, freedom: float) -> float:
    """A quantile of Student's t for 5 degrees of freedom or more, to 0.002.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))
