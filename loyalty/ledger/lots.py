"""Lots: which points end when. The soonest to end burn first, whoever takes them.

All of it happens while the account is locked, see `postings`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.sql import execute, insert_many
from loyalty.ledger.models import LedgerLot, LedgerLotMove, LedgerTransaction

# On the table, since the mapped class would take a list of changes for a bulk update by key.
_LOTS: Any = LedgerLot.__table__
_TAKE = (
    update(_LOTS)
    .where(_LOTS.c.id == bindparam("lot"))
    .values(remaining=_LOTS.c.remaining + bindparam("points"))
)


_OPEN_LOTS = (
    select(_LOTS.c.id, _LOTS.c.transaction_id, _LOTS.c.ends_at, _LOTS.c.remaining)
    .where(_LOTS.c.account_id == bindparam("account"), _LOTS.c.remaining > 0)
    .order_by(_LOTS.c.ends_at, _LOTS.c.id)
)


@dataclass(frozen=True)
class OpenLot:
    """A lot with something left in it."""

    id: str
    transaction_id: str
    ends_at: datetime
    remaining: int


def open_lot(
    session: Session, transaction_id: str, account_id: str, points: int, ends_at: datetime
) -> None:
    """Keep points that came in as a lot that ends at an instant; none is no lot."""
    if points > 0:
        lot = {
            "id": new_id(),
            "transaction_id": transaction_id,
            "account_id": account_id,
            "ends_at": ends_at,
            "opened": points,
            "remaining": points,
        }
        insert_many(session, LedgerLot, [lot])


def open_lots(session: Session, account_id: str) -> list[OpenLot]:
    """What is left of an account's lots, soonest to end first."""
    rows = execute(session, _OPEN_LOTS, {"account": account_id})
    return [OpenLot(**row) for row in rows.mappings()]


def burn(
    session: Session,
    transaction_id: str,
    account_id: str,
    points: int,
    *,
    first: str | None = None,
) -> None:
    """Take points out of an account's lots, as far as they reach; points without end go last.

    Those of the transaction `first` go before all others.
    """
    lots = open_lots(session, account_id)
    lots.sort(key=lambda lot: lot.transaction_id != first)
    burn_of(session, transaction_id, lots, points)


def burn_of(session: Session, transaction_id: str, lots: Iterable[OpenLot], points: int) -> None:
    """Take points out of these lots in their order, as far as they reach."""
    taken = []
    for lot in lots:
        if points == 0:
            break
        part = min(points, lot.remaining)
        taken.append((lot.id, -part))
        points -= part
    _move(session, transaction_id, taken)


def give_back(session: Session, transaction_id: str, original_id: str, points: int) -> None:
    """Return points to the lots that a transaction burned, the last to end first."""
    related = select(LedgerTransaction.id).where(
        (LedgerTransaction.id == original_id) | (LedgerTransaction.reverses_id == original_id)
    )
    burned = -func.sum(LedgerLotMove.amount)
    rows = session.execute(
        select(LedgerLot.id, burned)
        .join(LedgerLotMove, LedgerLotMove.lot_id == LedgerLot.id)
        .where(LedgerLotMove.transaction_id.in_(related))
        .group_by(LedgerLot.id, LedgerLot.ends_at)
        .having(burned > 0)
        .order_by(LedgerLot.ends_at.desc(), LedgerLot.id.desc())
    )
    given = []
    for lot_id, left in rows:
        part = min(points, int(left))
        if part > 0:
            given.append((lot_id, part))
            points -= part
    _move(session, transaction_id, given)


def take_from(session: Session, transaction_id: str, lot: OpenLot, points: int) -> None:
    """Take points out of one lot."""
    _move(session, transaction_id, [(lot.id, -points)])


def find_lot(session: Session, transaction_id: str, account_id: str) -> OpenLot | None:
    """The lot that a transaction opened in an account, also when nothing is left of it."""
    row = session.execute(
        select(
            LedgerLot.id, LedgerLot.transaction_id, LedgerLot.ends_at, LedgerLot.remaining
        ).where(LedgerLot.transaction_id == transaction_id, LedgerLot.account_id == account_id)
    ).one_or_none()
    return OpenLot(*row) if row else None


def count_moves(session: Session, lot_id: str) -> int:
    """How often something was taken out of a lot or given back to it."""
    counted = select(func.count()).where(LedgerLotMove.lot_id == lot_id)
    return session.scalars(counted).one()


def _move(session: Session, transaction_id: str, parts: Iterable[tuple[str, int]]) -> None:
    moved = list(parts)
    if moved:
        changes = [{"lot": lot_id, "points": points} for lot_id, points in moved]
        session.connection().execute(_TAKE, changes)
        insert_many(
            session,
            LedgerLotMove,
            [
                {"lot_id": lot_id, "transaction_id": transaction_id, "amount": points}
                for lot_id, points in moved
            ],
        )
