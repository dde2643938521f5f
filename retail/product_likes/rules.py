"""What may be liked, and when a like shows in a number. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import Invalid

# A like joins the count within this time. A day of a shop has many people at a shelf.
JOINS_WITHIN = timedelta(days=1)
MOST_LISTED = 500


@dataclass(frozen=True)
class LikedState:
    """Whether the asking member likes the product with this GTIN."""

    gtin: str
    is_liked: bool


def joins_at(liked_at: datetime, drawn: float) -> datetime:
    """When a like joins the count: at `drawn`, from 0 to 1, of the time it may take."""
    return liked_at + JOINS_WITHIN * drawn


def check_shareable(*, is_never_shareable: bool) -> None:
    """Of goods that are nobody's business nobody hears who likes them. Raises Invalid."""
    if is_never_shareable:
        raise Invalid("never_shared", "This is nobody’s business but yours, so it has no likes.")
