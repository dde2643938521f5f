"""Reads of copies on their way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from retail.own_data.models import OwnCopy


@dataclass(frozen=True)
class CopyView:
    """How far a member's copy is; `expires_at` is None until it is ready."""

    id: str
    member_id: str
    asked_at: datetime
    parts_done: int
    parts_total: int
    is_ready: bool
    expires_at: datetime | None


_VIEW = select(
    OwnCopy.id,
    OwnCopy.member_id,
    OwnCopy.asked_at,
    OwnCopy.parts_done,
    OwnCopy.parts_total,
    OwnCopy.ready_at.is_not(None),
    OwnCopy.expires_at,
)


def find_copy(session: Session, member_id: str, *, now: datetime) -> CopyView | None:
    """The member's copy, on its way or ready, or None where there is none any more."""
    row = session.execute(_VIEW.where(OwnCopy.member_id == member_id, _lives(now))).one_or_none()
    return CopyView(*row) if row else None


def find_to_gather(session: Session, copy_id: str) -> CopyView | None:
    """The copy, if it still has to be gathered."""
    row = session.execute(
        _VIEW.where(OwnCopy.id == copy_id, OwnCopy.ready_at.is_(None))
    ).one_or_none()
    return CopyView(*row) if row else None


def read_copy(session: Session, member_id: str, *, now: datetime) -> str | None:
    """What was gathered for the member, or None where nothing is ready."""
    return session.scalar(
        select(OwnCopy.body).where(
            OwnCopy.member_id == member_id, OwnCopy.ready_at.is_not(None), _lives(now)
        )
    )


def _lives(now: datetime) -> ColumnElement[bool]:
    return or_(OwnCopy.expires_at.is_(None), OwnCopy.expires_at > now)
