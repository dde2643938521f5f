"""Points that run out when their member does nothing for long, and when that will be."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.days import day_after
from loyalty.earning import queries as earning
from loyalty.ledger.idle import idle
from retail.brands import queries as brands


@dataclass(frozen=True)
class IdlePoints:
    """A member's points that run out at `ends_at` unless they earn or spend before."""

    owner_id: str
    points: int
    active_at: datetime
    ends_at: datetime


def idle_points(
    session: Session, brand_id: str, *, owner_id: str | None = None
) -> list[IdlePoints]:
    """Whose points run out by idleness under the terms of now, the first to end first."""
    terms = earning.current_terms(session, brand_id)
    if terms is None or terms.expiry.kind != "sliding":
        return []
    zone = brands.get_brand(session, brand_id).zone
    found = [
        IdlePoints(
            one.owner_id,
            one.points,
            one.active_at,
            day_after(one.active_at, zone, terms.expiry.days),
        )
        for one in idle(session, brand_id, owner_id=owner_id)
    ]
    return sorted(found, key=lambda one: (one.ends_at, one.owner_id))
