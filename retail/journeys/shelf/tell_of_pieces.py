"""Tell of goods: that a friend sent something, and what is kept until today."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.consent.rules import SAVED_NEWS, SENT_NEWS
from retail.note_page import subjects
from retail.notifications.service import notify
from retail.saves import reminders
from retail.sent_pieces import queries as sent

SENT_JOB = "tell_of_sent"
REMIND_JOB = reminders.JOB


def tell_of_sent(
    session: Session, sender_id: str, receiver_id: str, variant_id: str, *, now: datetime
) -> bool:
    """Note for a friend what was sent; nothing where it was taken back, or its sender is muted."""
    receiver = accounts.members_by_id(session, [receiver_id], now=now).get(receiver_id)
    if receiver is None:
        return False
    mine = {"member_id": receiver.id, "brand_id": receiver.brand_id}
    if sent.get_received(session, sender_id, variant_id, **mine) is None:
        return False
    return _tell(session, receiver, SENT_NEWS, subjects.of_sent(sender_id, variant_id), now)


def remind_of_saved(session: Session, member_id: str, on: date, *, now: datetime) -> bool:
    """Note for a member what they still keep until that day; nothing where that is nothing."""
    member = accounts.members_by_id(session, [member_id], now=now).get(member_id)
    if member is None:
        return False
    if not reminders.kept_until(session, member.id, on, brand_id=member.brand_id):
        return False
    return _tell(session, member, SAVED_NEWS, subjects.of_saved(on), now)


def _tell(session: Session, member: MemberView, purpose: str, subject: str, now: datetime) -> bool:
    return notify(
        session,
        member_id=member.id,
        brand_id=member.brand_id,
        purpose=purpose,
        subject=subject,
        now=now,
    )
