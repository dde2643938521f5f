"""Who shows a code of a member's card."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.accounts import cards, queries
from retail.accounts.cards import Kind
from retail.accounts.queries import MemberView


def find_holder(
    session: Session,
    typed: str,
    kind: Kind,
    *,
    brand_id: str,
    scope: str = "",
    now: datetime,
    key: bytes,
) -> MemberView | None:
    """The member whose code this is just now, or None: unknown, expired, foreign, or gone."""
    where = {"brand_id": brand_id, "scope": scope}
    for reading in cards.readings(typed, kind, **where, now=now, key=key):
        for member in queries.members_made_at(session, brand_id, reading.made_at, now=now):
            if reading.is_of(member.id):
                return member
    return None
