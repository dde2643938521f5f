"""Whose likes count, and the gates that keep likes and season closing apart."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.errors import Invalid

# `new` waits to be judged by the fold. `counts` and `cleared` score; a cleared one was reviewed.
# `held` waits for review, `removed` did not pass it. Of a `returned` one, nothing that was liked is
# its stylist's any more. The rest are the rules that it did not meet.
Verdict = Literal[
    "new",
    "counts",
    "cleared",
    "held",
    "removed",
    "returned",
    "young",
    "no_purchase",
    "day_cap",
    "pair_cap",
    "staff",
    "minor",
]
SCORING: tuple[Verdict, ...] = ("counts", "cleared")
# What review said stays with a like that is taken back and given again.
REVIEWED: tuple[Verdict, ...] = ("cleared", "held", "removed")
# What looks arranged, or was found to be.
ARRANGED: tuple[Verdict, ...] = ("held", "removed")
# What fills the caps of a day. Held, removed and returned likes do too, so that what one loses
# lifts no other.
CAPPED: tuple[Verdict, ...] = (*SCORING, "held", "removed", "returned")


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
    """Likes of one look that began or ceased to score: one for each instant of counting."""

    store_id: str
    stylist_id: str
    outfit_id: str
    counted_at: datetime
    delta: int


@dataclass(frozen=True)
class LostLike:
    """A like of a look of which nothing is kept; `missed` holds ids of seasons without it."""

    store_id: str
    stylist_id: str
    outfit_id: str
    counted_at: datetime
    missed: str


@dataclass(frozen=True)
class Tally:
    """Which likes are counted for whom: by stylist or by look, of a store or all, in a span.

    The span is [starts_at, ends_at).
    """

    brand_id: str
    by: Literal["stylist", "outfit"]
    store_id: str | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class OwnerScore:
    """Likes that score for an owner within a span, and when the last of them counted."""

    owner_id: str
    likes: int
    reached_at: datetime


@dataclass(frozen=True)
class NewLike:
    """A like that waits to be judged, with what review said of it if it was given before."""

    outfit_id: str
    member_id: str
    stylist_id: str
    counted_at: datetime
    before: Verdict | None = None
    case_id: str | None = None
    was_counted: bool = False


@dataclass(frozen=True)
class Judged:
    """What became of a new like."""

    like: NewLike
    verdict: Verdict


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
