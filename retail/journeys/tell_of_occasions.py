"""Tell of occasions: that a friend asks, that two plan the same, that two are twins. Each once."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.consent.rules import OCCASIONS_NEWS
from retail.note_page import subjects
from retail.notifications.service import notify
from retail.occasions import queries, rules
from retail.occasions.clashes import Clash, clashes_of

ASKED_JOB = "tell_of_occasion"
CLASHES_JOB = "tell_of_clashes"
TWINS_JOB = "tell_of_twins"


def tell_of_invitation(
    session: Session, occasion_id: str, member_id: str, *, now: datetime
) -> bool:
    """Note for a friend that they are asked; nothing where they answered or parted since."""
    member = accounts.members_by_id(session, [member_id], now=now).get(member_id)
    if member is None:
        return False
    try:
        seen = queries.get_occasion(session, occasion_id, viewer=member, now=now)
    except NotFound:
        return False
    if seen.answer != rules.INVITED or seen.is_over:
        return False
    host_id = queries.host_of(session, occasion_id)
    return _tell(session, member, subjects.of_occasion(host_id, occasion_id), now)


def tell_of_clashes(session: Session, member_id: str, *, now: datetime) -> int:
    """Note for a member and their friends what both plan to wear to what is to come."""
    member = accounts.members_by_id(session, [member_id], now=now).get(member_id)
    if member is None:
        return 0
    told = 0
    for clash in clashes_of(session, member, now=now):
        told += _tell_both(session, clash, member_id, clash.digest, now)
    return told


def tell_of_twins(
    session: Session, occasion_id: str, member_id: str, friend_id: str, *, now: datetime
) -> int:
    """Note for two that both wish to twin; nothing where either took it back since."""
    member = accounts.members_by_id(session, [member_id], now=now).get(member_id)
    if member is None:
        return 0
    found = [
        clash
        for clash in clashes_of(session, member, now=now, occasion_id=occasion_id)
        if clash.friend.id == friend_id and clash.are_twins
    ]
    return _tell_both(session, found[0], member_id, subjects.TWINS, now) if found else 0


def _tell_both(session: Session, clash: Clash, member_id: str, what: str, now: datetime) -> int:
    told = 0
    for reader_id, other_id in ((member_id, clash.friend.id), (clash.friend.id, member_id)):
        reader = accounts.get_member(session, reader_id)
        told += _tell(session, reader, subjects.of_clash(other_id, clash.occasion_id, what), now)
    return told


def _tell(session: Session, member: MemberView, subject: str, now: datetime) -> bool:
    return notify(
        session,
        member_id=member.id,
        brand_id=member.brand_id,
        purpose=OCCASIONS_NEWS,
        subject=subject,
        now=now,
    )
