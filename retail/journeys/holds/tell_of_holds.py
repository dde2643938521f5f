"""Tell whoever holds something that turned out not to be there."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.catalogue import held
from retail.consent.rules import HOLDS_NEWS
from retail.journeys.holds.hold_piece import MEMBER
from retail.note_page import subjects
from retail.notifications.service import notify

JOB = "tell_of_hold"


def tell_of_hold(session: Session, hold_id: str, *, now: datetime) -> bool:
    """Note that a member's hold ended because its store has fewer than were held; once."""
    hold = held.find_hold(session, hold_id)
    if hold is None or hold.state != "gone" or hold.holder_kind != MEMBER:
        return False
    return notify(
        session,
        member_id=hold.holder_id,
        brand_id=hold.brand_id,
        purpose=HOLDS_NEWS,
        subject=subjects.of_hold(hold.id),
        now=now,
    )
