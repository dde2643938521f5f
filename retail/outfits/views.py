"""Outfits as they are read: values, without a table behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class PieceView(NamedTuple):
    """A piece on the board of 1000 by 900 units, at its upper left corner before it is turned.

    `size` is empty for everybody but the owner: what somebody wears is nobody's business.
    """

    id: str
    variant_id: str
    style_id: str
    style_name: str
    drawing: str
    colours: dict[str, str]
    colour_name: str
    size: str
    price_minor: int
    currency: str
    x: int
    y: int
    width: int
    height: int
    rotation: int
    depth: int
    is_shown: bool


class PiecePlace(NamedTuple):
    """Where a piece lies, as a row of `SHOWN_PIECES` has it."""

    outfit_id: str
    id: str
    variant_id: str
    x: int
    y: int
    width: int
    rotation: int
    depth: int
    is_shown: bool


@dataclass(frozen=True)
class OutfitView:
    """An outfit with its pieces, the lowest first; the stylist by first name and initial.

    `has_points_ad` says that its owner may be rewarded for likes, which has to be shown.
    """

    id: str
    brand_id: str
    store_id: str
    store_name: str
    member_id: str
    stylist_name: str
    stylist_initials: str
    avatar: int
    caption: str
    background: str
    audience: str
    state: str
    has_points_ad: bool
    published_at: datetime | None
    created_at: datetime
    version: int
    pieces: tuple[PieceView, ...]
