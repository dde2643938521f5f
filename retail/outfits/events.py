"""What happens to outfits, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutfitPublished:
    """An outfit was shown to those its owner chose."""

    outfit_id: str


@dataclass(frozen=True)
class OutfitChanged:
    """Something visible of an outfit changed: its pieces, its words or its label."""

    outfit_id: str


@dataclass(frozen=True)
class OutfitPutAway:
    """An outfit was taken from everybody's sight."""

    outfit_id: str
