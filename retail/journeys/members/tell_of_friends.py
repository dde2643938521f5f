"""Tell whoever invited somebody that they said yes."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.consent.rules import FRIENDS_NEWS
from retail.friends import invitations
from retail.note_page import subjects
from retail.notifications.service import notify

JOB = "tell_of_friend"


def tell_of_friend(session: Session, member_id: str, friend_id: str, *, now: datetime) -> bool:
    """Note for a member that this friend accepted; nothing where they have parted since."""
    invitation_id = invitations.made_by_invitation(session, member_id, friend_id)
    member = accounts.members_by_id(session, [member_id], now=now).get(member_id)
    if invitation_id is None or member is None:
        return False
    return notify(
        session,
        member_id=member_id,
        brand_id=member.brand_id,
        purpose=FRIENDS_NEWS,
        subject=subjects.of_friend(friend_id, invitation_id),
        now=now,
    )
