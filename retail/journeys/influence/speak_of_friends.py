"""Which friends may be spoken of to somebody, and who agrees to hear or to be spoken of at all."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import queries as accounts
from retail.consent import queries as consent
from retail.consent.rules import FRIEND_OFFERS
from retail.friends import queries as friends

CHANNELS = ("web", "print")


def agreeing(session: Session, member_ids: Iterable[str], purpose: str) -> set[str]:
    """Those of the members who agree to a purpose on any channel."""
    return consent.consenting_on_any(session, member_ids, purpose, CHANNELS)


def tellers(
    session: Session,
    member_id: str,
    friend_ids: Iterable[str],
    *,
    now: datetime,
    minimum_age: int,
) -> set[str]:
    """Those of somebody's friends who are of age, agree to stand on offers and are not apart."""
    agreed = agreeing(session, friend_ids, FRIEND_OFFERS)
    known = accounts.members_by_id(session, agreed, now=now, minimum_age=minimum_age)
    return {
        one.id
        for one in known.values()
        if one.is_adult and not friends.is_apart(session, member_id, one.id)
    }
