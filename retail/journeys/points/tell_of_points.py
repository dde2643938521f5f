"""Tell members that points of theirs run out soon: once for each day on which some do."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from loyalty.earning import queries as earning
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import POINTS
from retail.consent.rules import PRIZES_NEWS
from retail.journeys.points.end_points import IDLE_WARN_JOB, WARN_JOB, warn_of_idle
from retail.liability.idle import idle_points
from retail.note_page import subjects
from retail.notifications.service import notify

JOB, IDLE_JOB = WARN_JOB, IDLE_WARN_JOB


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


def tell_of_idle_points(
    session: Session, *, programme_id: str, owner_id: str, now: datetime
) -> bool:
    """Note for a member when their points run out by idleness; tells if that is new.

    Where they did something meanwhile it is too early, and they are told when it is time.
    """
    terms = earning.current_terms(session, programme_id)
    found = next(iter(idle_points(session, programme_id, owner_id=owner_id)), None)
    if terms is None or found is None or not terms.warn_days:
        return False
    if found.ends_at - timedelta(days=terms.warn_days) > now:
        warn_of_idle(session, programme_id, owner_id, terms.warn_days, ends_at=found.ends_at)
        return False
    return notify(
        session,
        member_id=owner_id,
        brand_id=programme_id,
        purpose=PRIZES_NEWS,
        subject=subjects.of_points(found.ends_at),
        now=now,
    )
