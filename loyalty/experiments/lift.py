"""What a treatment changed, with the interval in which the truth lies nineteen times in twenty.

Somebody's friends may buy because somebody was treated: then people are no independent draws, but
their clusters are. So clusters are what is counted here, and a mean is a ratio of cluster totals.
Pure.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEVEL = 0.95
# Below this, no formula for large numbers holds.
FEWEST_CLUSTERS = 10
# Where the interval is narrowest for what it is; fixed, as it must not depend on what was seen.
TIGHTEST_AT = 250
_SURE = -2 * math.log(1 - LEVEL)
MIXTURE = TIGHTEST_AT / (_SURE + math.log(_SURE) + 1)


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

    The interval may be read again and again, and one may stop when one likes what it shows: of all
    its readings together at most one in twenty experiments ever leaves the truth out.
    """
    arms = [[one for one in arm if one.people > 0] for arm in (treated, held_out)]
    if min(map(len, arms)) < FEWEST_CLUSTERS:
        return None
    with_it, without = map(mean_of, arms)
    variance = with_it.variance + without.variance
    difference = with_it.value - without.value
    number = with_it.clusters * without.clusters / (with_it.clusters + without.clusters)
    margin = widening(number) * math.sqrt(variance)
    return Lift(with_it, without, difference, difference - margin, difference + margin)


def widening(number: float) -> float:
    """How many standard errors either side hold at every reading at once, of so many draws.

    The normal mixture of S. R. Howard, A. Ramdas, J. McAuliffe and J. Sekhon, Annals of Statistics
    49, 2021, equation 14, with the variance estimated as I. Waudby-Smith and others show, Annals of
    Statistics 52, 2024 (asymptotic confidence sequences).
    """
    alpha = 1 - LEVEL
    grown = number + MIXTURE
    return math.sqrt(grown / number * math.log(grown / (MIXTURE * alpha**2)))
