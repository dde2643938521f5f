"""Circles of friends who pass on what they are treated with: an experiment whose truth is known."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from loyalty.experiments.lift import Cluster
from loyalty.experiments.rules import arm_of, circle_of

# What an offer changes in whoever gets it, and what it changes in each of their friends.
DIRECT, PASSED_ON = 3.0, 2.0
LARGEST = 11
# Circles have 1 to 11 people alike often; who is alone has nobody to pass anything on to.
_MEAN_SIZE = (1 + LARGEST) / 2
TRUTH = DIRECT + PASSED_ON * (1 - 1 / LARGEST / _MEAN_SIZE)

Arms = dict[str, list[Cluster]]


@dataclass(frozen=True)
class Trial:
    """One experiment: circles as they were drawn, and everybody as if drawn alone."""

    circles: Arms
    alone: Arms


def trials(*, seed: int, number: int, circles: int = 60) -> Iterator[Trial]:
    """Experiments on ever new circles, drawn half and half as the product draws."""
    random = np.random.default_rng(seed)
    for run in range(number):
        yield _trial(random, f"{seed}-{run}", circles)


def drawn_apart(*, seed: int, number: int, circles: int = 60) -> Iterator[Arms]:
    """The naive design: friends are drawn each for themselves, and treat those held out."""
    random = np.random.default_rng(seed)
    for _ in range(number):
        arms: Arms = {"treatment": [], "holdout": []}
        for _ in range(circles):
            size = int(random.integers(1, LARGEST + 1))
            treated = random.random(size) < 0.5
            for is_treated, value in zip(treated, _spent(random, treated), strict=True):
                arms["treatment" if is_treated else "holdout"].append(Cluster(1, float(value)))
        yield arms


def _trial(random: np.random.Generator, experiment_id: str, circles: int) -> Trial:
    drawn: Arms = {"treatment": [], "holdout": []}
    alone: Arms = {"treatment": [], "holdout": []}
    for number in range(circles):
        size = int(random.integers(1, LARGEST + 1))
        arm = arm_of(experiment_id, circle_of(experiment_id, f"founder {number}"), 500)
        spent = _spent(random, np.full(size, arm == "treatment"))
        drawn[arm].append(Cluster(size, float(spent.sum())))
        alone[arm].extend(Cluster(1, float(value)) for value in spent)
    return Trial(drawn, alone)


def _spent(random: np.random.Generator, treated: np.ndarray) -> np.ndarray:
    """What each of a circle spends: alike by their common taste, and by what friends pass on."""
    size = len(treated)
    # Spending is lopsided: most spend a little, some a lot.
    own = random.gamma(4.0, 5.0) + random.gamma(2.0, 3.0, size)
    friends_treated = (treated.sum() - treated) / max(1, size - 1)
    return own + DIRECT * treated + PASSED_ON * friends_treated
