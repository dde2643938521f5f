"""Counting who bought what, for the whole brand at once: read first, then written in parts.

To count reads every purchase of a brand. It is done before anything is written, and what is
written is so little at once that a till waits for one part of it at most. Meanwhile some styles
have their new count and others the one before: each is told by itself.
"""

from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.sql import close_gate, upsert_many
from retail.crowds.models import StyleCrowd
from retail.crowds.queries import Crowd

PART = 500


def publish(session: Session, brand_id: str, part: Sequence[Crowd], *, now: datetime) -> bool:
    """Tell these crowds, as counted at `now`, from here on; False where a later count is there."""
    _take_turn(session, brand_id)
    newest = select(func.max(StyleCrowd.counted_at)).where(StyleCrowd.brand_id == brand_id)
    counted_at = session.scalar(newest)
    if counted_at is not None and counted_at > now:
        return False
    told = {"brand_id": brand_id, "counted_at": now}
    upsert_many(session, StyleCrowd, ("style_id",), [one._asdict() | told for one in part])
    return True


def retire(session: Session, brand_id: str, *, now: datetime) -> bool:
    """Tell some of what was counted before `now` no more; whether there may be more of it."""
    _take_turn(session, brand_id)
    before = select(StyleCrowd.style_id).where(
        StyleCrowd.brand_id == brand_id, StyleCrowd.counted_at < now
    )
    gone = session.scalars(before.order_by(StyleCrowd.style_id).limit(PART)).all()
    session.execute(delete(StyleCrowd).where(StyleCrowd.style_id.in_(gone)))
    return len(gone) == PART


def _take_turn(session: Session, brand_id: str) -> None:
    close_gate(session, crc32(f"crowds:{brand_id}".encode()))
