"""Like a look, and credit the like to the share by which somebody came."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.sharing import service as sharing
from retail.social import queries as social
from retail.social import service as likes
from retail.social.rules import LikeCount


def like(
    session: Session, outfit_id: str, *, member: MemberView, share_id: str | None, now: datetime
) -> LikeCount:
    """Record a like once; only a new one is credited. Raises as `retail.social.service.like`."""
    # Most likes came by no share, and none of those should pay for this.
    if share_id is None or social.has_liked(session, outfit_id, member.id):
        return likes.like(session, outfit_id, member=member, now=now)
    count = likes.like(session, outfit_id, member=member, now=now)
    sharing.credit(session, share_id, outfit_id, kind="like", member_id=member.id, now=now)
    return count
