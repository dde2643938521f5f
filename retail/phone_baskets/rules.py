"""What a basket on a phone is, and for how long. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Since it was last changed: longer than a day in town, shorter than until tomorrow's.
KEPT_FOR = timedelta(hours=12)
MOST_PIECES = 99
MOST_LINES = 50


@dataclass(frozen=True)
class BasketView:
    """Whose basket is in which store; pieces by variant, in the order in which they came."""

    member_id: str
    store_id: str
    changed_at: datetime
    pieces: dict[str, int]


def is_over(changed_at: datetime, now: datetime) -> bool:
    """Whether a basket is of an earlier visit."""
    return changed_at <= now - KEPT_FOR
