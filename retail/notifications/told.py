"""Reads of what members were told already."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.notifications.models import Note


def told_of(session: Session, member_id: str, purpose: str, subjects: Collection[str]) -> set[str]:
    """Of which of these subjects a member has a note."""
    rows = session.scalars(
        select(Note.subject).where(
            Note.member_id == member_id, Note.purpose == purpose, Note.subject.in_(subjects)
        )
    )
    return set(rows)
