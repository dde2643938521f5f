"""The looks that move most, with their likes, as walls and screens hang them."""

from datetime import datetime
from typing import Any

from retail.outfits.queries import OutfitView
from retail.social import queries as social


def trending_with_likes(
    session: Any, brand_id: str, *, store_id: str | None = None, now: datetime, limit: int
) -> list[tuple[OutfitView, int]]:
    """Public looks of a store or the whole brand, the most liked just now first."""
    looks = social.trending(session, brand_id, store_id=store_id, now=now, limit=limit)
    likes = social.like_counts(session, [look.id for look in looks])
    return [(look, likes[look.id]) for look in looks]
