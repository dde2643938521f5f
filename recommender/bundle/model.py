"""A bundle: all that ranking needs, fitted once, immutable, with no shopper in it by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from recommender.settings import Settings
from recommender.taste import Floats, prior_of
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
    def prior(self) -> Floats:
        """What `taste.fold_in` asks for, (factors × factors)."""
        return prior_of(self.item_factors, self.settings.taste.regularisation)

    def with_figures(self, figures: Mapping[str, float]) -> "Bundle":
        """The same with what its evaluation saw."""
        return replace(self, manifest=replace(self.manifest, figures=dict(figures)))
