"""Posting points. One source has one effect for ever: repeated, it answers and changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.ids import new_id
from core.sql import insert_ignore, insert_many
from loyalty.ledger import queries
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.rules import MEMBER, Posted, Pot, check_points


@dataclass(frozen=True)
class _Original:
    """The transaction that a reversal takes back: what it moved between which accounts."""

    id: str
    account_id: str
    pot_id: str
    amount: int


def earn(
    session: Session,
    *,
    programme_id: str,
    owner_id: str,
    points: int,
    source: str,
    reason: str,
    now: datetime,
    pot: Pot = "programme",
) -> Posted:
    """Give points to a member out of a pot of the programme.

    Raises Invalid for anything but a whole number from 1, and Conflict where the source
    already did something else.
    """
    check_points(points)
    return _exchange(session, programme_id, owner_id, points, pot, source, reason, now)


def spend(
    session: Session,
    *,
    programme_id: str,
    owner_id: str,
    points: int,
    source: str,
    reason: str,
    now: datetime,
    pot: Pot = "programme",
) -> Posted:
    """Take points that a member has, into a pot of the programme.

    Raises Conflict where there are fewer, and otherwise as `earn`; nothing is then written.
    """
    check_points(points)
    return _exchange(session, programme_id, owner_id, -points, pot, source, reason, now)


def reverse(
    session: Session,
    *,
    programme_id: str,
    of: str,
    source: str,
    reason: str,
    now: datetime,
    points: int | None = None,
) -> Posted:
    """Take back what the source `of` did: so many points of it, or all that is left of it.

    A member who no longer has the points owes them: a flagged balance below zero. Raises
    NotFound where `of` did nothing, and Conflict where less than `points` is left to reverse.
    """
    if points is not None:
        check_points(points)
    original = _original(session, programme_id, of)
    with session.begin_nested():
        transaction_id = _begin(session, programme_id, source, reason, now, original.id)
        if transaction_id is None:
            return _replay(session, programme_id, source, reverses_id=original.id, points=points)
        # Locked before looking at what was reversed, so that two reversals see each other.
        session.execute(
            select(LedgerAccount.id)
            .where(LedgerAccount.id == original.account_id)
            .with_for_update(key_share=True)
        )
        left = abs(original.amount) - queries.reversed_points(session, original.id)
        if left == 0 or (points or 0) > left:
            raise Conflict(
                "nothing_left_to_reverse", "More is reversed than there was.", left_points=left
            )
        amount = (points or left) * (-1 if original.amount > 0 else 1)
        _move(session, transaction_id, original.account_id, original.pot_id, amount, may_owe=True)
    return Posted(transaction_id, is_new=True)


def _exchange(
    session: Session,
    programme_id: str,
    owner_id: str,
    amount: int,
    pot: Pot,
    source: str,
    reason: str,
    now: datetime,
) -> Posted:
    # The savepoint keeps a refused source unused, whatever the caller does with the refusal.
    with session.begin_nested():
        transaction_id = _begin(session, programme_id, source, reason, now)
        if transaction_id is None:
            return _replay(session, programme_id, source, owner_id=owner_id, points=amount)
        account_id = _account(session, programme_id, MEMBER, owner_id)
        pot_id = _account(session, programme_id, pot)
        _move(session, transaction_id, account_id, pot_id, amount)
    return Posted(transaction_id, is_new=True)


def _begin(
    session: Session,
    programme_id: str,
    source: str,
    reason: str,
    now: datetime,
    reverses_id: str | None = None,
) -> str | None:
    transaction_id = new_id()
    is_new = insert_ignore(
        session,
        LedgerTransaction,
        id=transaction_id,
        programme_id=programme_id,
        source=source,
        reason=reason,
        reverses_id=reverses_id,
        happened_at=now,
    )
    return transaction_id if is_new else None


def _replay(
    session: Session,
    programme_id: str,
    source: str,
    *,
    owner_id: str | None = None,
    reverses_id: str | None = None,
    points: int | None,
) -> Posted:
    transaction, account, leg = session.execute(
        select(LedgerTransaction, LedgerAccount, LedgerLeg)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerTransaction.programme_id == programme_id,
            LedgerTransaction.source == source,
            LedgerAccount.kind == MEMBER,
        )
    ).one()
    amount = leg.amount if reverses_id is None else abs(leg.amount)
    if (
        transaction.reverses_id != reverses_id
        or owner_id not in (None, account.owner_id)
        or points not in (None, amount)
    ):
        raise Conflict("source_differs", "This source already had another effect.")
    return Posted(transaction.id, is_new=False)


def _account(session: Session, programme_id: str, kind: str, owner_id: str = "") -> str:
    found = select(LedgerAccount.id).where(
        LedgerAccount.programme_id == programme_id,
        LedgerAccount.kind == kind,
        LedgerAccount.owner_id == owner_id,
        LedgerAccount.wallet == "points",
    )
    account_id = session.scalar(found)
    if account_id is None:
        insert_ignore(
            session,
            LedgerAccount,
            id=new_id(),
            programme_id=programme_id,
            kind=kind,
            owner_id=owner_id,
        )
        account_id = session.scalars(found).one()
    return account_id


def _original(session: Session, programme_id: str, source: str) -> _Original:
    rows = session.execute(
        select(LedgerTransaction.id, LedgerTransaction.reverses_id, LedgerLeg, LedgerAccount.kind)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(LedgerTransaction.programme_id == programme_id, LedgerTransaction.source == source)
    ).all()
    if not rows:
        raise NotFound("source_not_found", "Nothing was posted under this source.")
    if rows[0].reverses_id is not None:
        raise Conflict("reversal_is_final", "A reversal cannot be reversed.")
    legs = {row.kind == MEMBER: row.LedgerLeg for row in rows}
    return _Original(rows[0].id, legs[True].account_id, legs[False].account_id, legs[True].amount)


def _move(
    session: Session,
    transaction_id: str,
    account_id: str,
    pot_id: str,
    amount: int,
    *,
    may_owe: bool = False,
) -> None:
    after = LedgerAccount.balance + amount
    change = update(LedgerAccount).where(LedgerAccount.id == account_id)
    if amount < 0 and not may_owe:
        change = change.where(after >= 0)
    # The legs follow while the row is locked, so the ids of a member's legs are in order.
    balance = session.scalar(
        change.values(balance=after, owes=after < 0).returning(LedgerAccount.balance),
        execution_options={"synchronize_session": False},
    )
    if balance is None:
        raise Conflict("not_enough_points", "There are not enough points for this.")
    legs = (account_id, amount, balance), (pot_id, -amount, None)
    insert_many(
        session,
        LedgerLeg,
        [
            {
                "transaction_id": transaction_id,
                "account_id": account,
                "amount": moved,
                "balance_after": left,
            }
            for account, moved, left in legs
        ],
    )
