"""A ladder as it is kept: JSON's own types there and back. Pure."""

from dataclasses import asdict
from typing import Any

from loyalty.tiers.rules import Ladder, Tier


def stored(ladder: Ladder) -> dict[str, Any]:
    """The ladder in JSON's own types."""
    return asdict(ladder) | {"tiers": [asdict(tier) for tier in ladder.tiers]}


def read(kept: dict[str, Any]) -> Ladder:
    """The ladder that was stored."""
    return Ladder(**(kept | {"tiers": tuple(Tier(**tier) for tier in kept["tiers"])}))
