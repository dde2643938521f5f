"""Balances, statements, and points that end: on their way, or about to expire."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerLot, LedgerTransaction
from loyalty.ledger.rules import (
    EXPIRED,
    MEMBER,
    OWNED,
    PENDING,
    POINTS,
    Effect,
    Lot,
    Pot,
    StatementLine,
)

_LOTS = (
    select(
        LedgerLot.id,
        LedgerAccount.programme_id,
        LedgerAccount.owner_id,
        LedgerAccount.wallet,
        LedgerLot.remaining,
        LedgerLot.ends_at,
        LedgerTransaction.happened_at,
        LedgerTransaction.source,
        LedgerTransaction.reason,
    )
    .join(LedgerAccount, LedgerAccount.id == LedgerLot.account_id)
    .join(LedgerTransaction, LedgerTransaction.id == LedgerLot.transaction_id)
    .where(LedgerLot.remaining > 0)
    .order_by(LedgerLot.ends_at, LedgerLot.id)
)
# Read with every page and every posting: built once, since building takes longer than reading.
_ACCOUNT = (
    LedgerAccount.programme_id == bindparam("programme_id"),
    LedgerAccount.kind == bindparam("kind"),
    LedgerAccount.wallet == bindparam("wallet"),
)
_OWNED = (*_ACCOUNT, LedgerAccount.owner_id == bindparam("owner_id"))
_BALANCE = select(LedgerAccount.balance).where(*_OWNED)
_POT_BALANCE = (
    select(func.sum(LedgerLeg.amount))
    .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
    .where(*_ACCOUNT)
)
_OWN_LOTS = _LOTS.where(*_OWNED)
_ENDING = _LOTS.where(*_ACCOUNT, LedgerLot.ends_at <= bindparam("instant"))
_LOT_OF_SOURCE = _LOTS.where(
    LedgerTransaction.programme_id == bindparam("programme_id"),
    LedgerTransaction.source == bindparam("source"),
    LedgerAccount.kind == bindparam("kind"),
)


def balance(session: Session, programme_id: str, owner_id: str, wallet: str = POINTS) -> int:
    """The points a member has; below zero only for a return debt."""
    return _balance(session, programme_id, MEMBER, owner_id, wallet)


def pending(session: Session, programme_id: str, owner_id: str, wallet: str = POINTS) -> int:
    """The points that are on their way to a member."""
    return _balance(session, programme_id, PENDING, owner_id, wallet)


def pot_balance(session: Session, programme_id: str, pot: Pot, wallet: str = POINTS) -> int:
    """What a pot of the programme took in less what it gave out; usually below zero."""
    given = {"programme_id": programme_id, "kind": pot, "wallet": wallet}
    return int(session.scalar(_POT_BALANCE, given) or 0)


def statement(
    session: Session,
    programme_id: str,
    owner_id: str,
    *,
    wallet: str = POINTS,
    after: int | None = None,
    limit: int = 50,
) -> list[StatementLine]:
    """A member's changes, newest first; `after` is the id of the last line already seen."""
    lines = (
        select(
            LedgerLeg.id,
            LedgerLeg.transaction_id,
            LedgerLeg.amount,
            func.coalesce(LedgerLeg.balance_after, 0),
            LedgerTransaction.reason,
            LedgerTransaction.source,
            LedgerTransaction.reverses_id.is_not(None),
            LedgerTransaction.happened_at,
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerAccount.owner_id == owner_id,
            LedgerAccount.wallet == wallet,
        )
        .order_by(LedgerLeg.id.desc())
        .limit(limit)
    )
    if after is not None:
        lines = lines.where(LedgerLeg.id < after)
    return [StatementLine(*row) for row in session.execute(lines)]


def pending_lots(
    session: Session, programme_id: str, owner_id: str, wallet: str = POINTS
) -> list[Lot]:
    """Points on their way to a member, the first to come free first."""
    return _own_lots(session, programme_id, PENDING, owner_id, wallet)


def expiring_lots(
    session: Session, programme_id: str, owner_id: str, wallet: str = POINTS
) -> list[Lot]:
    """A member's points that will expire, the soonest first."""
    return _own_lots(session, programme_id, MEMBER, owner_id, wallet)


def expiring_by(
    session: Session, programme_id: str, instant: datetime, wallet: str = POINTS
) -> list[Lot]:
    """Everybody's points that will have expired at an instant if nobody spends them."""
    given = {"programme_id": programme_id, "kind": MEMBER, "wallet": wallet, "instant": instant}
    return _read(session, _ENDING, given)


def find_effect(session: Session, programme_id: str, source: str) -> Effect | None:
    """What a source did to a member's points, if anything was posted under it."""
    row = session.execute(
        select(LedgerTransaction.id, LedgerAccount.owner_id, func.sum(LedgerLeg.amount))
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.source == source,
            LedgerAccount.kind.in_(OWNED),
        )
        .group_by(LedgerTransaction.id, LedgerAccount.owner_id)
    ).one_or_none()
    if row is None:
        return None
    return Effect(row.id, row.owner_id, int(row[2]), reversed_points(session, row.id))


def find_pending(session: Session, programme_id: str, source: str) -> Lot | None:
    """What of a source's points is still on its way, and when it comes free."""
    given = {"programme_id": programme_id, "source": source, "kind": PENDING}
    return next(iter(_read(session, _LOT_OF_SOURCE, given)), None)


def find_expiring(session: Session, transaction_id: str) -> Lot | None:
    """What is left of the points that a transaction brought a member, where they will end."""
    lots = _LOTS.where(LedgerLot.transaction_id == transaction_id, LedgerAccount.kind == MEMBER)
    return next(iter(_read(session, lots)), None)


def find_lot(session: Session, lot_id: str) -> Lot | None:
    """A lot of which something is left."""
    return next(iter(_read(session, _LOTS.where(LedgerLot.id == lot_id))), None)


def last_activity(
    session: Session, programme_id: str, owner_id: str, wallet: str = POINTS
) -> datetime | None:
    """When a member last earned or spent; returns and expiry are no activity."""
    return session.scalar(
        select(LedgerTransaction.happened_at)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.kind == MEMBER,
            LedgerAccount.owner_id == owner_id,
            LedgerAccount.wallet == wallet,
            LedgerTransaction.reverses_id.is_(None),
            LedgerTransaction.reason != EXPIRED,
        )
        .order_by(LedgerLeg.id.desc())
        .limit(1)
    )


def points_by_source(session: Session, programme_id: str) -> dict[str, int]:
    """What each source that is no reversal gave members of a programme, or took."""
    rows = session.execute(
        select(LedgerTransaction.source, func.sum(LedgerLeg.amount))
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.reverses_id.is_(None),
            LedgerAccount.kind.in_(OWNED),
        )
        .group_by(LedgerTransaction.source)
    )
    return {source: int(points) for source, points in rows}


def reversed_by_source(session: Session, programme_id: str) -> dict[str, int]:
    """How many points of each source of a programme were taken or given back, where any were."""
    original = aliased(LedgerTransaction)
    rows = session.execute(
        select(original.source, func.sum(LedgerLeg.amount))
        .join(LedgerTransaction, LedgerTransaction.reverses_id == original.id)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(original.programme_id == programme_id, LedgerAccount.kind.in_(OWNED))
        .group_by(original.source)
    )
    return {source: abs(int(points)) for source, points in rows}


def reversed_points(session: Session, transaction_id: str) -> int:
    """How many points of a transaction were taken back."""
    return _through_pots(session, LedgerTransaction.reverses_id == transaction_id)


def points_reversed_by(session: Session, transaction_id: str) -> int:
    """How many points a reversal took back."""
    return _through_pots(session, LedgerTransaction.id == transaction_id)


def _through_pots(session: Session, condition: Any) -> int:
    # A reversal may touch two accounts of its owner, and always one pot.
    total = session.scalar(
        select(func.sum(LedgerLeg.amount))
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(condition, LedgerAccount.kind.not_in(OWNED))
    )
    return abs(int(total or 0))


def _balance(session: Session, *account: str) -> int:
    return session.scalar(_BALANCE, _given(*account)) or 0


def _own_lots(session: Session, *account: str) -> list[Lot]:
    return _read(session, _OWN_LOTS, _given(*account))


def _given(programme_id: str, kind: str, owner_id: str, wallet: str) -> dict[str, Any]:
    return {"programme_id": programme_id, "kind": kind, "owner_id": owner_id, "wallet": wallet}


def _read(
    session: Session, lots: Select[*tuple[Any, ...]], given: dict[str, Any] | None = None
) -> list[Lot]:
    return [Lot(*row) for row in session.execute(lots, given)]
