"""Whose likes count, and the gates that keep likes and season closing apart."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from core.errors import Invalid


@dataclass(frozen=True)
class LikeCount:
    """How many like an outfit, and whether the asking member does."""

    outfit_id: str
    likes: int
    is_liked: bool


@dataclass(frozen=True)
class FreshLike:
    """A look that was liked since its likes were last folded, and when that counted."""

    outfit_id: str
    stylist_id: str
    counted_at: datetime


@dataclass(frozen=True)
class ScoreChange:
    """Likes of one stylist at one store that were folded: one for each instant of counting."""

    store_id: str
    stylist_id: str
    counted_at: datetime
    delta: int


@dataclass(frozen=True)
class StylistScore:
    """Likes of a stylist within a span of time, and when the last of them counted."""

    stylist_id: str
    likes: int
    reached_at: datetime


def check_not_own(stylist_id: str, member_id: str) -> None:
    """Nobody likes their own looks. Raises Invalid."""
    if stylist_id == member_id:
        raise Invalid("own_outfit", "This look is yours. Likes come from others.")


def like_gate(brand_id: str) -> int:
    """The gate that likes of a brand pass together and that a closing season shuts."""
    return _gate("likes", brand_id)


def fold_gate(brand_id: str) -> int:
    """The gate through which standings of a brand are changed by one transaction at a time."""
    return _gate("folds", brand_id)


def _gate(purpose: str, brand_id: str) -> int:
    digest = hashlib.sha256(f"{purpose}:{brand_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
