"""Likes, as an API: once per member and outfit, and undone at will."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.journeys.looks import like as journey
from retail.sharing.rules import share_id_in
from retail.social import service as social
from retail.social.rules import LikeCount
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.openapi import schema_of
from web.schemas.sharing import CameBy
from web.write import write

likes = guarded(Blueprint("likes", __name__, description="Likes of what people share"), "member")


@likes.put("/outfits/<outfit_id>/like")
@limited(LIKES)
@write
@likes.arguments(CameBy, location="query")
@likes.response(200, schema_of(LikeCount))
def like(session: Any, came: dict[str, Any], outfit_id: str) -> LikeCount:
    """Like an outfit; a repeated tap changes nothing."""
    share_id = share_id_in(came["share"])
    return journey.like(
        session, outfit_id, member=current_member(), share_id=share_id, now=clock.now()
    )


@likes.delete("/outfits/<outfit_id>/like")
@limited(LIKES)
@write
@likes.response(200, schema_of(LikeCount))
def unlike(session: Any, outfit_id: str) -> LikeCount:
    """Take a like back."""
    return social.unlike(session, outfit_id, member=current_member())
