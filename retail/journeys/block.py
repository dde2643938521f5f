"""Keep another member out of sight: the friendship, its invitations and the likes between them."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.friends import service as friends
from retail.social import service as social


def block(session: Session, blocked_id: str, *, member: MemberView, now: datetime) -> bool:
    """Block another member silently and both ways; tells whether that is new.

    Likes that the two gave each other are taken back: none stands on what is blocked. Raises
    Invalid for oneself, NotFound for whoever is no member of the brand.
    """
    is_new = friends.block(session, blocked_id, member=member, now=now)
    if is_new:
        social.take_back_between(session, member, blocked_id)
    return is_new
