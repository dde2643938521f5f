"""Everything that a fit and the ranking after it can be told."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from recommender.interactions import Weights
from recommender.taste import TasteSettings


@dataclass(frozen=True)
class Blend:
    """What each term of a score weighs, in standard deviations over all items.

    `again` is for shops whose goods are bought again and again, such as groceries: what the
    shopper had before, as much as she had it. `names` is what a friend who can be credited adds
    when it is decided which items are shown, though not to their order; `variety` is taken from
    an item that is as one shown already.
    """

    taste: float = 1.0
    together: float = 1.0
    votes: float = 0.15
    again: float = 0.0
    names: float = 1.0
    variety: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= weight < math.inf for weight in asdict(self).values()):
            raise ValueError("a weight of the blend must be a number from 0")


@dataclass(frozen=True)
class Settings:
    """How a bundle is fitted and ranks. `exponent` is g of the damped confidence, 0 to 1."""

    weights: Weights = field(default_factory=Weights)
    taste: TasteSettings = field(default_factory=TasteSettings)
    blend: Blend = field(default_factory=Blend)
    exponent: float = 0.2

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        plain = asdict(self)
        plain["weights"]["by_kind"] = dict(self.weights.by_kind)
        if math.isinf(self.weights.half_life_days):
            plain["weights"]["half_life_days"] = None
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Settings":
        """The inverse of `as_json`."""
        days = plain["weights"]["half_life_days"]
        return cls(
            weights=Weights(plain["weights"]["by_kind"], math.inf if days is None else days),
            taste=TasteSettings(**plain["taste"]),
            blend=Blend(**plain["blend"]),
            exponent=plain["exponent"],
        )
