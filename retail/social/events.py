"""What happens to likes, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OutfitLiked:
    """An outfit was liked for the first time since its likes were last folded."""

    outfit_id: str


@dataclass(frozen=True)
class OutfitUnliked:
    """A like was taken back, as the first change since the likes were last folded."""

    outfit_id: str


@dataclass(frozen=True)
class LikesFolded:
    """Likes that followed others within the same second are counted now."""

    outfit_id: str
