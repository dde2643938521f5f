"""Writes of fair play: rules, cases of review and their decisions, appeals."""

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from core.outbox import enqueue
from core.sql import insert_ignore
from retail.fairness.models import LikeScan

SCAN_JOB = "scan_likes"
# Long enough to see likes together, short enough for a board that people watch.
SCAN_AFTER = timedelta(seconds=60)


def ask_for_scan(session: Session, brand_id: str, *, now: datetime) -> bool:
    """Have a brand's likes looked at in a minute, unless that is due already."""
    if not insert_ignore(session, LikeScan, brand_id=brand_id, is_waiting=True):
        asked = session.execute(
            update(LikeScan)
            .where(LikeScan.brand_id == brand_id, LikeScan.is_waiting.is_(False))
            .values(is_waiting=True)
        )
        assert isinstance(asked, CursorResult)
        if asked.rowcount == 0:
            return False
    return enqueue(session, SCAN_JOB, {"brand_id": brand_id}, due_at=now + SCAN_AFTER)
