"""Keep another member out of sight: the friendship, its invitations and the likes between them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.outbox import enqueue
from retail.accounts.queries import MemberView
from retail.friends import queries
from retail.friends import service as friends
from retail.social import service as social

SETTLING_JOB = "settle_block"
_IN_FLIGHT = timedelta(seconds=5)


def block(session: Session, blocked_id: str, *, member: MemberView, now: datetime) -> bool:
    """Block another member silently and both ways; tells whether that is new.

    Likes that the two gave each other are taken back: none stands on what is blocked. Raises
    Invalid for oneself, NotFound for whoever is no member of the brand.
    """
    is_new = friends.block(session, blocked_id, member=member, now=now)
    if is_new:
        social.take_back_between(session, member.id, blocked_id)
        pair = {"member_id": member.id, "other_id": blocked_id}
        enqueue(session, SETTLING_JOB, pair, due_at=now + _IN_FLIGHT)
    return is_new


def settle(session: Session, member_id: str, other_id: str) -> None:
    """Take back what was on its way when one of the two blocked the other.

    A like sees what was committed when its statement began, so one that waited at its gate may
    have been written behind the block.
    """
    if queries.is_apart(session, member_id, other_id):
        social.take_back_between(session, member_id, other_id)
