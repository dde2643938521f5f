"""Who shows a code of a member's card."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.accounts import cards, queries
from retail.accounts.cards import Kind
from retail.accounts.models import Member
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
        for member_id in _ids_made_at(session, brand_id, reading.made_at):
            if reading.is_of(member_id):
                return queries.members_by_id(session, [member_id], now=now).get(member_id)
    return None


def _ids_made_at(session: Session, brand_id: str, made_at: str) -> list[str]:
    """The ids of a brand's members that begin so: those who joined in one millisecond."""
    among = Member.id.between(made_at + "0" * 16, made_at + "Z" * 16)
    return list(session.scalars(select(Member.id).where(Member.brand_id == brand_id, among)))
