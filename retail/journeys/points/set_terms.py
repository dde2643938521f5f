"""Have new terms of earning hold, also for points that were earned before them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.outbox import enqueue
from loyalty.earning import queries as earning
from loyalty.earning import service
from loyalty.earning.rules import Terms
from retail.brands import queries as brands
from retail.journeys.points.end_points import IDLE_LOOK_JOB


def set_terms(
    session: Session,
    brand_id: str,
    document: Any,
    *,
    now: datetime,
    instead_of: int | None = None,
    made_by: str | None = None,
) -> Terms:
    """The terms that hold from now on, as `earning.service.set_terms`.

    Where points newly run out by idleness, a job looks after those that members have already.
    Raises Conflict where other terms hold than the version that they are `instead_of`, 0 for none,
    and Invalid where no store sells in their currency: nobody would earn anything.
    """
    before = earning.current_terms(session, brand_id)
    if instead_of is not None and instead_of != (before.version if before else 0):
        raise Conflict("terms_changed", "Somebody set other terms meanwhile. Look at them first.")
    held = service.set_terms(session, brand_id, document, now=now, made_by=made_by)
    problem = brands.find_trade_problem(session, brand_id, held.currency)
    if problem:
        raise Invalid("terms_unclear", problem, fields={"currency": [problem]})
    if held.expiry.kind == "sliding" and (before is None or before.expiry != held.expiry):
        key = f"{IDLE_LOOK_JOB}:{brand_id}:{held.version}"
        enqueue(session, IDLE_LOOK_JOB, {"programme_id": brand_id}, due_at=now, key=key)
    return held
