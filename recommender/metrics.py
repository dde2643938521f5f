"""How good ranked lists are: recall, NDCG and precision by shopper, with standard errors.

NDCG after Järvelin and Kekäläinen, ACM TOIS 2002, binary, with discount 1/log2(place + 1); its
ideal list is cut at min(k, test items). Recall divides by all test items, precision by k.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MEASURES = ("recall", "ndcg", "precision")


@dataclass(frozen=True, eq=False)
class Scores:
    """By name, such as "ndcg@10", the value of each shopper (shoppers,)."""

    of_each: Mapping[str, Floats]

    def mean(self, name: str) -> float:
        """Over shoppers; 0 where there are none."""
        values = self.of_each[name]
        return float(values.mean()) if len(values) else 0.0

    def error(self, name: str) -> float:
        """The standard error of that mean; 0 of fewer than two shoppers."""
        values = self.of_each[name]
        return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0

    def as_json(self) -> dict[str, float]:
        """Means by name, and standard errors under the name with "_se" after it."""
        means = {name: self.mean(name) for name in self.of_each}
        return means | {f"{name}_se": self.error(name) for name in self.of_each}


def measure(hits: NDArray[np.bool_], wanted: NDArray[np.intp], cuts: tuple[int, ...]) -> Scores:
    """Scores at each cut; `hits` is (shoppers × places), `wanted` how many test items each has.

    A list shorter than a cut has hits only where it has places. ValueError where somebody has
    no test items.
    """
    if (wanted < 1).any():
        raise ValueError("a shopper without test items cannot be measured")
    discount = 1.0 / np.log2(np.arange(max(cuts)) + 2.0)
    ideal = np.cumsum(discount)
    scores: dict[str, Floats] = {}
    for cut in cuts:
        head = hits[:, :cut]
        found = head.sum(axis=1)
        gain = head @ discount[: head.shape[1]]
        scores[f"recall@{cut}"] = found / wanted
        scores[f"ndcg@{cut}"] = gain / ideal[np.minimum(cut, wanted) - 1]
        scores[f"precision@{cut}"] = found / cut
    return Scores(scores)
