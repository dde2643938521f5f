"""Doubting awards whose ground gave way, and settling each doubt: stands, or taken back; once.

Doubted, an award waits where it is. Who settles takes points and vouchers back in the same
transaction, where it says so.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from loyalty.prizes import queries, rules
from loyalty.prizes.models import Award, Doubt
from loyalty.prizes.rules import DOUBTABLE, AwardView, Basis

Verdict = Literal["stands", "taken_back"]


def doubt(session: Session, award_id: str, basis: Basis, *, now: datetime) -> bool:
    """Have an award wait for somebody to say whether it stands; tells whether that is new.

    Doubted before, it is from now on about this basis. What was collected, accepted or lost
    already is not doubted.
    """
    is_new = _change(session, award_id, False, {"is_doubted": True})
    if is_new:
        session.add(Doubt(id=new_id(), award_id=award_id, raised_at=now, **asdict(basis)))
        session.flush()
    else:
        _note(session, award_id, **asdict(basis))
    return is_new


def settle(
    session: Session,
    award_id: str,
    *,
    programme_id: str,
    verdict: Verdict,
    by_id: str,
    reason: str,
    zone: str,
    now: datetime,
) -> AwardView:
    """Say, once, whether a doubted award stands or is taken back.

    A gift or an invitation that stands waits anew, as long as at first. Raises NotFound, and
    Conflict where nobody doubts it.
    """
    view = queries.get_award(session, award_id, programme_id=programme_id)
    values: dict[str, Any] = {"is_doubted": False}
    if verdict == "taken_back":
        values |= {"state": verdict, "settled_at": now, "settled_by": by_id, "reason": reason}
    elif view.state == "open":
        values["claim_until"] = rules.waits_until(view.worth, zone, now)
    if not _change(session, award_id, True, values):
        raise Conflict("prize_not_doubted", "Somebody has decided on this prize already.")
    _note(session, award_id, verdict=verdict, settled_at=now, settled_by=by_id, reason=reason)
    return queries.get_award(session, award_id, programme_id=programme_id)


def drop(session: Session, programme_id: str, owner_id: str, *, now: datetime) -> None:
    """End the doubts about an owner who leaves for good: what was given stays as it is."""
    mine = select(Award.id).where(
        Award.programme_id == programme_id, Award.owner_id == owner_id, Award.is_doubted.is_(True)
    )
    for award_id in session.scalars(mine).all():
        _change(session, award_id, True, {"is_doubted": False})
        _note(session, award_id, verdict="left", settled_at=now)


def _change(session: Session, award_id: str, before: bool, values: dict[str, Any]) -> bool:
    result = session.execute(
        update(Award)
        .where(Award.id == award_id, Award.is_doubted.is_(before), Award.state.in_(DOUBTABLE))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def _note(session: Session, award_id: str, **values: Any) -> None:
    session.execute(
        update(Doubt)
        .where(Doubt.award_id == award_id, Doubt.settled_at.is_(None))
        .values(values)
        .execution_options(synchronize_session=False)
    )
