"""Tell the members who signed up for a category that new styles of it have come in."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.outbox import enqueue
from retail.consent.rules import RANGES_NEWS
from retail.note_page import queries as note_page
from retail.notifications import queries as notes
from retail.notifications.service import notify

JOB = "tell_of_ranges"
_MEMBERS_A_STEP = 200


def tell_of_ranges(
    session: Session, brand_id: str, *, since: datetime, now: datetime, after: str = ""
) -> None:
    """Note what came in since then, some members at a time, the rest by a job of its own."""
    codes = note_page.categories_with_arrivals(session, brand_id, since=since)
    members = notes.signed_up(session, brand_id, codes, after=after, limit=_MEMBERS_A_STEP)
    for member_id in members:
        notify(
            session,
            member_id=member_id,
            brand_id=brand_id,
            purpose=RANGES_NEWS,
            subject=brand_id,
            # The instant of arrival, so that the note's window is the one that holds the styles.
            now=since,
        )
    if len(members) == _MEMBERS_A_STEP:
        payload = {"brand_id": brand_id, "at": since.isoformat(), "after": members[-1]}
        enqueue(session, JOB, payload, due_at=now)
