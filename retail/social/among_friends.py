"""Likes of what only friends see: straight into the total, and onto no board.

None of these outfits is hot, so nothing has to wait for a fold.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.outbox import emit
from core.sql import insert_ignore, upsert
from retail.outfits.visibility import LIKEABLE_BY_FRIENDS
from retail.social.events import OutfitLiked, OutfitUnliked
from retail.social.models import LikeTotal, OutfitLike


def like(session: Session, values: dict[str, Any]) -> bool:
    """Record the like of a friend; tells whether it is new. Needs outfit_id, member_id and now."""
    outfit = session.execute(LIKEABLE_BY_FRIENDS, values).one_or_none()
    if outfit is None:
        return False
    is_new = insert_ignore(
        session,
        OutfitLike,
        outfit_id=outfit.id,
        member_id=values["member_id"],
        brand_id=outfit.brand_id,
        store_id=outfit.store_id,
        stylist_id=outfit.member_id,
        counted_at=values["now"],
        is_public=False,
    )
    if is_new:
        upsert(session, LikeTotal, {"outfit_id": outfit.id}, likes=(1, LikeTotal.likes + 1))
        emit(session, OutfitLiked(outfit.id), topics=[f"outfit:{outfit.id}"])
    return is_new


def uncount(session: Session, outfit_ids: Iterable[str]) -> None:
    """One like less for each of these outfits, whose like is gone already."""
    for outfit_id in sorted(outfit_ids):
        session.execute(
            update(LikeTotal)
            .where(LikeTotal.outfit_id == outfit_id)
            .values(likes=LikeTotal.likes - 1)
        )
        emit(session, OutfitUnliked(outfit_id), topics=[f"outfit:{outfit_id}"])
