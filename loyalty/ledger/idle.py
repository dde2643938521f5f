"""Points without an end of their own, and when their owners last did something."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerLot, LedgerTransaction
from loyalty.ledger.rules import EXPIRED, MEMBER, POINTS


@dataclass(frozen=True)
class Idle:
    """An owner's points that no lot ends, and when they last earned or spent."""

    owner_id: str
    points: int
    active_at: datetime


def idle(
    session: Session, programme_id: str, *, owner_id: str | None = None, wallet: str = POINTS
) -> list[Idle]:
    """Whoever has points without an end, by owner; only the one named, where one is.

    Activity is as `queries.last_activity` has it.
    """
    in_lots = (
        select(LedgerLot.account_id, func.sum(LedgerLot.remaining).label("points"))
        .where(LedgerLot.remaining > 0)
        .group_by(LedgerLot.account_id)
        .subquery()
    )
    newest = _newest_activity()
    left = LedgerAccount.balance - func.coalesce(in_lots.c.points, 0)
    rows = (
        select(LedgerAccount.owner_id, left, LedgerTransaction.happened_at)
        .outerjoin(in_lots, in_lots.c.account_id == LedgerAccount.id)
        .join(LedgerLeg, LedgerLeg.id == newest)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerAccount.wallet == wallet,
            left > 0,
        )
        .order_by(LedgerAccount.owner_id)
    )
    if owner_id is not None:
        rows = rows.where(LedgerAccount.owner_id == owner_id)
    return [Idle(owner, int(points), at) for owner, points, at in session.execute(rows)]


def _newest_activity() -> ScalarSelect[int]:
    return (
        select(func.max(LedgerLeg.id))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .where(
            LedgerLeg.account_id == LedgerAccount.id,
            LedgerTransaction.reverses_id.is_(None),
            LedgerTransaction.reason != EXPIRED,
        )
        .correlate(LedgerAccount)
        .scalar_subquery()
    )
