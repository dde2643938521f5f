"""Writes of copies on their way."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import enqueue
from core.sql import insert_ignore
from retail.own_data.models import OwnCopy
from retail.own_data.rules import KEPT

GATHER_JOB = "gather_own_data"


def ask(session: Session, *, member_id: str, brand_id: str, parts: int, now: datetime) -> None:
    """Have the copy gathered; asking again while one is on its way or ready changes nothing."""
    forget_expired(session, now=now)
    copy_id = new_id()
    is_new = insert_ignore(
        session,
        OwnCopy,
        id=copy_id,
        brand_id=brand_id,
        member_id=member_id,
        asked_at=now,
        parts_done=0,
        parts_total=parts,
    )
    if is_new:
        enqueue(session, GATHER_JOB, {"copy_id": copy_id}, due_at=now)


def note_progress(session: Session, copy_id: str, parts_done: int) -> None:
    """Tell how far the gathering is."""
    session.execute(update(OwnCopy).where(OwnCopy.id == copy_id).values(parts_done=parts_done))


def keep(session: Session, copy_id: str, body: str, *, now: datetime) -> None:
    """Lay the gathered copy ready; where its member left meanwhile, nothing is kept."""
    session.execute(
        update(OwnCopy)
        .where(OwnCopy.id == copy_id)
        .values(body=body, ready_at=now, expires_at=now + KEPT, parts_done=OwnCopy.parts_total)
    )


def forget_expired(session: Session, *, now: datetime) -> None:
    """Delete the copies whose time is over."""
    session.execute(delete(OwnCopy).where(OwnCopy.expires_at <= now))


def erase(session: Session, member_id: str) -> None:
    """Delete a member's copy, ready or not."""
    session.execute(delete(OwnCopy).where(OwnCopy.member_id == member_id))
