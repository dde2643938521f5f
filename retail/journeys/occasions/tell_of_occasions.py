"""Tell of occasions: that a friend asks, that two plan the same, that two are twins. Each once."""

from collections.abc import Iterable
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
    both = [
        one
        for clash in clashes_of(session, member, now=now)
        for one in _both(clash, member_id, clash.digest)
    ]
    return _tell_all(session, both, now)


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
    both = [one for clash in found for one in _both(clash, member_id, subjects.TWINS)]
    return _tell_all(session, both, now)


def _both(clash: Clash, member_id: str, what: str) -> list[tuple[str, str]]:
    """Who is told, and the subject: of each other, and of this."""
    return [
        (reader_id, subjects.of_clash(other_id, clash.occasion_id, what))
        for reader_id, other_id in ((member_id, clash.friend.id), (clash.friend.id, member_id))
    ]


def _tell_all(session: Session, readers: Iterable[tuple[str, str]], now: datetime) -> int:
    # In one order, whoever's plan it began with: two that tell each other's readers never wait
    # for one another.
    return sum(
        _tell(session, accounts.get_member(session, reader_id), subject, now)
        for reader_id, subject in sorted(readers)
    )


def _tell(session: Session, member: MemberView, subject: str, now: datetime) -> bool:
    return notify(
        session,
        member_id=member.id,
        brand_id=member.brand_id,
        purpose=OCCASIONS_NEWS,
        subject=subject,
        now=now,
    )
