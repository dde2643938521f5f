"""A bundle: all that ranking needs, fitted once, immutable, with no shopper in it by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommender.settings import Settings
from recommender.taste import Floats, gram_of, prior_from
from recommender.together import Together

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """Where a bundle comes from. `fitted_at` is `now` of its fit, in POSIX seconds.

    `figures` are what its evaluation saw, by name; whoever evaluates writes them.
    """

    fitted_at: float
    settings: Settings
    counts: Mapping[str, int]
    figures: Mapping[str, float] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True, eq=False)
class Bundle:
    """Items in order of id; `item_factors` (items × factors), `popularity` (items,), float32.

    Popularity is the sum of all confidence weights of an item.
    """

    items: tuple[str, ...]
    item_factors: Floats
    popularity: Floats
    together: Together
    manifest: Manifest

    @property
    def settings(self) -> Settings:
        """Those of the fit."""
        return self.manifest.settings

    @cached_property
    def column_of(self) -> Mapping[str, int]:
        """Where each item stands."""
        return {item: column for column, item in enumerate(self.items)}

    @cached_property
    def gram(self) -> NDArray[np.float64]:
        """YᵀY of the item factors, (factors × factors)."""
        return gram_of(self.item_factors)

    @cached_property
    def mean_factors(self) -> NDArray[np.float64]:
        """The mean of the item factors, (factors,)."""
        return np.asarray(self.item_factors.mean(axis=0, dtype=float))

    @cached_property
    def prior(self) -> Floats:
        """What `taste.fold_in` asks for, (factors × factors)."""
        return prior_from(self.gram, self.settings.taste.regularisation)

    def with_figures(self, figures: Mapping[str, float]) -> "Bundle":
        """The same with what its evaluation saw."""
        return replace(self, manifest=replace(self.manifest, figures=dict(figures)))
