"""What becomes of points at their time: they come free, are warned of, and run out.

Each is a due job, written together with what it will end; doing it again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.days import day_after
from core.outbox import emit, enqueue
from loyalty.earning import queries as earning
from loyalty.earning.expiry import ends_at
from loyalty.earning.rules import Terms
from loyalty.ledger import ends
from loyalty.ledger import queries as ledger
from loyalty.ledger.rules import POINTS
from retail.brands import queries as brands
from retail.liability.idle import idle_points

RELEASE_JOB, EXPIRE_JOB, IDLE_JOB = "release_points", "expire_points", "expire_idle_points"
WARN_JOB, IDLE_WARN_JOB = "tell_of_points", "tell_of_idle_points"
IDLE_LOOK_JOB = "look_after_idle_points"


@dataclass(frozen=True)
class PointsMoved:
    """Points came to somebody or went; what that means is read from the books."""

    programme_id: str
    source: str


def see_to_release(
    session: Session, programme_id: str, source: str, available_at: datetime
) -> None:
    """Have the points of a source come free at an instant."""
    payload = {"programme_id": programme_id, "source": source}
    key = f"{RELEASE_JOB}:{source}"
    enqueue(session, RELEASE_JOB, payload, due_at=available_at, key=key)


def release_points(session: Session, *, programme_id: str, source: str, now: datetime) -> None:
    """Let points that waited go to their member; the terms of now say when they end."""
    lot = ledger.find_pending(session, programme_id, source)
    if lot is None:
        return
    expires_at = expiry_of(session, programme_id, lot.earned_at)
    posted = ends.release(
        session, programme_id=programme_id, of=source, now=now, expires_at=expires_at
    )
    if posted is not None and posted.is_new:
        see_to_end(session, programme_id, lot.owner_id, posted.transaction_id, now=now)
        emit(session, PointsMoved(programme_id, source), topics=[f"member:{lot.owner_id}"])


def expiry_of(session: Session, programme_id: str, earned_at: datetime) -> datetime | None:
    """When points earned then end under the terms of now; None for never, or where none hold."""
    terms = earning.current_terms(session, programme_id)
    if terms is None:
        return None
    return ends_at(terms.expiry, earned_at, brands.get_brand(session, programme_id).zone)


def see_to_end(
    session: Session, programme_id: str, owner_id: str, transaction_id: str, *, now: datetime
) -> None:
    """Have points that a transaction brought a member end at their time, and be warned of."""
    terms = earning.current_terms(session, programme_id)
    lot = ledger.find_expiring(session, transaction_id)
    if lot is not None:
        enqueue(session, EXPIRE_JOB, {"lot_id": lot.id}, due_at=lot.ends_at, key=f"end:{lot.id}")
        if terms is not None and terms.warn_days:
            warn_at = max(now, lot.ends_at - timedelta(days=terms.warn_days))
            enqueue(session, WARN_JOB, {"lot_id": lot.id}, due_at=warn_at, key=f"warn:{lot.id}")
    elif terms is not None and terms.expiry.kind == "sliding":
        _look_again(session, programme_id, owner_id, terms, active_at=now)


def expire_points(session: Session, lot_id: str, *, now: datetime) -> None:
    """Let what is left of a lot run out, once its time has come."""
    lot = ledger.find_lot(session, lot_id)
    if lot is not None and ends.expire(session, lot_id, now=now):
        emit(session, PointsMoved(lot.programme_id, lot.source), topics=[f"member:{lot.owner_id}"])


def expire_idle_points(
    session: Session, *, programme_id: str, owner_id: str, now: datetime
) -> None:
    """Let points run out whose member was idle for as long as the terms of now allow."""
    terms = earning.current_terms(session, programme_id)
    active_at = ledger.last_activity(session, programme_id, owner_id)
    if terms is None or terms.expiry.kind != "sliding" or active_at is None:
        return
    zone = brands.get_brand(session, programme_id).zone
    if day_after(active_at, zone, terms.expiry.days) > now:
        _look_again(session, programme_id, owner_id, terms, active_at=active_at)
        return
    who = {"programme_id": programme_id, "owner_id": owner_id}
    if ends.expire_idle(session, **who, idle_since=active_at, now=now, wallet=POINTS):
        emit(session, PointsMoved(programme_id, "idle"), topics=[f"member:{owner_id}"])


def look_after_idle_points(session: Session, *, programme_id: str) -> None:
    """See to the end of points that members had before terms let idle ones run out."""
    terms = earning.current_terms(session, programme_id)
    if terms is not None:
        for one in idle_points(session, programme_id):
            _look_again(session, programme_id, one.owner_id, terms, active_at=one.active_at)


def warn_of_idle(
    session: Session, programme_id: str, owner_id: str, warn_days: int, *, ends_at: datetime
) -> None:
    """Have a member be told, so many days before, that their points will run out by idleness."""
    payload = {"programme_id": programme_id, "owner_id": owner_id}
    due_at = ends_at - timedelta(days=warn_days)
    key = f"{IDLE_WARN_JOB}:{owner_id}:{due_at:%Y-%m-%dT%H:%M}"
    enqueue(session, IDLE_WARN_JOB, payload, due_at=due_at, key=key)


def _look_again(
    session: Session, programme_id: str, owner_id: str, terms: Terms, *, active_at: datetime
) -> None:
    zone = brands.get_brand(session, programme_id).zone
    due_at = day_after(active_at, zone, terms.expiry.days)
    payload = {"programme_id": programme_id, "owner_id": owner_id}
    # By the minute: both midnights of a day of 23 hours can lie on one date of UTC.
    key = f"{IDLE_JOB}:{owner_id}:{due_at:%Y-%m-%dT%H:%M}"
    enqueue(session, IDLE_JOB, payload, due_at=due_at, key=key)
    if terms.warn_days:
        warn_of_idle(session, programme_id, owner_id, terms.warn_days, ends_at=due_at)
