"""Tell members that points of theirs run out soon: once for each day on which some do."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import POINTS
from retail.consent.rules import PRIZES_NEWS
from retail.journeys.end_points import WARN_JOB
from retail.note_page import subjects
from retail.notifications.service import notify

JOB = WARN_JOB


def tell_of_points(session: Session, lot_id: str, *, now: datetime) -> bool:
    """Note for its member when a lot of points runs out, unless it did; tells if that is new."""
    lot = ledger.find_lot(session, lot_id)
    # What only counts is not spent, so nobody need hurry.
    if lot is None or lot.wallet != POINTS:
        return False
    return notify(
        session,
        member_id=lot.owner_id,
        brand_id=lot.programme_id,
        purpose=PRIZES_NEWS,
        subject=subjects.of_points(lot.ends_at),
        now=now,
    )
