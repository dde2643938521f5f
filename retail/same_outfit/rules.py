"""What counts as the same piece, how often one may ask, and what to wear instead. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from core.errors import Forbidden, TooMany
from retail.catalogue.queries import VariantView

SHELF, TILL = "shelf", "till"
# Somebody who shops looks twice at a dozen pieces; who asks about more is not choosing.
ASKED_A_DAY = 12
KEPT_FOR = timedelta(days=14)
MOST_SUGGESTED = 3


class Piece(NamedTuple):
    """A style in a colour: what makes two people look alike, whatever their sizes."""

    style_id: str
    colour_name: str


@dataclass(frozen=True)
class Instead:
    """What a store has just now in somebody's size: other colours, then other styles, by price."""

    colours: tuple[VariantView, ...]
    styles: tuple[VariantView, ...]


def piece_of(variant: VariantView) -> Piece:
    """What a variant looks like on somebody."""
    return Piece(variant.style_id, variant.colour_name)


def day_of(now: datetime) -> date:
    """The day of which an answer holds; in UTC, so that no change of place begins another."""
    return now.astimezone(UTC).date()


def first_of(wearers: Iterable[str], since: Mapping[str, datetime]) -> str | None:
    """Who is named where several could be: the oldest friend, of several the lowest id."""
    return min(wearers, key=lambda one: (since[one], one), default=None)


def instead_of(
    variant: VariantView, here: Iterable[VariantView], sizes: Collection[str]
) -> Instead:
    """Of what is here: one variant of each other colour, then of each style nearest in price."""
    fitting = [one for one in here if not one.size or one.size in sizes]
    colours: dict[str, VariantView] = {}
    styles: dict[str, VariantView] = {}
    for one in sorted(fitting, key=lambda each: each.sku):
        if one.style_id != variant.style_id:
            styles.setdefault(one.style_id, one)
        elif one.colour_name != variant.colour_name:
            colours.setdefault(one.colour_name, one)
    nearest = sorted(
        styles.values(), key=lambda one: (abs(one.price_minor - variant.price_minor), one.sku)
    )
    return Instead(tuple(colours.values())[:MOST_SUGGESTED], tuple(nearest)[:MOST_SUGGESTED])


def check_here(store_id: str | None) -> str:
    """The store somebody checked in at today. Raises Forbidden where that is none."""
    if store_id is None:
        raise Forbidden("not_checked_in", "Check in at the store’s door first, then ask again.")
    return store_id


def check_room(asked_today: int) -> None:
    """Raises TooMany where somebody asked as often as anybody may."""
    if asked_today >= ASKED_A_DAY:
        raise TooMany(
            "too_many_questions",
            "That’s as many pieces as we look up in a day.",
            retry_after_seconds=24 * 60 * 60,
        )


def gate(member_id: str) -> int:
    """The gate through which one member asks one thing at a time."""
    digest = hashlib.sha256(f"same-outfit:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
