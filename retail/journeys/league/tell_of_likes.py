"""Tell stylists of likes that are about to be folded: once for each look and window."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from retail.consent.rules import LIKES_NEWS
from retail.notifications import queries as notes
from retail.notifications.rules import get_purpose
from retail.notifications.service import notify
from retail.social import queries as social
from retail.social.rules import FreshLike


def tell_of_likes(session: Session, brand_id: str) -> None:
    """Note each waiting like for its stylist, if they want to hear of likes.

    By the instant at which it counts, as the note will later ask for the likes of its window.
    """
    purpose = get_purpose(LIKES_NEWS)
    newest: dict[FreshLike, datetime] = {}
    for like in social.waiting_likes(session, brand_id):
        key = replace(like, counted_at=purpose.window_at(like.counted_at))
        newest[key] = max(newest.get(key, like.counted_at), like.counted_at)
    wanting = notes.wanting(session, {key.stylist_id for key in newest}, purpose)
    for key, counted_at in newest.items():
        if key.stylist_id in wanting:
            notify(
                session,
                member_id=key.stylist_id,
                brand_id=brand_id,
                purpose=LIKES_NEWS,
                subject=key.outfit_id,
                now=counted_at,
            )
