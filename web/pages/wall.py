"""The looks that move most, with their likes, as walls and screens hang them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from retail.crowds.queries import crowds
from retail.outfits.queries import OutfitView
from retail.social import queries as social


def trending_with_likes(
    session: Any, brand_id: str, *, store_id: str | None = None, now: datetime, limit: int
) -> list[tuple[OutfitView, int]]:
    """Public looks of a store or the whole brand, the most liked just now first."""
    looks = social.trending(session, brand_id, store_id=store_id, now=now, limit=limit)
    return with_likes(session, looks)


def with_likes(session: Any, looks: Sequence[OutfitView]) -> list[tuple[OutfitView, int]]:
    """Looks with how many like each."""
    likes = social.like_counts(session, [look.id for look in looks])
    return [(look, likes[look.id]) for look in looks]


def favourites(
    session: Any, looks: Sequence[OutfitView], *, now: datetime
) -> dict[str, tuple[str, int]]:
    """Of each look the piece that most people bought and how many, by the look's id.

    A look of which no piece has a crowd is left out.
    """
    shown = {look.id: [piece for piece in look.pieces if piece.is_shown] for look in looks}
    styles = [piece.style_id for pieces in shown.values() for piece in pieces]
    bought = crowds(session, styles, now=now)
    best = {
        look_id: max(pieces, key=lambda piece: bought[piece.style_id])
        for look_id, pieces in shown.items()
        if pieces
    }
    return {
        look_id: (piece.style_name, bought[piece.style_id])
        for look_id, piece in best.items()
        if bought[piece.style_id]
    }
