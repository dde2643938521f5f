"""Taking back what a source did, in parts that never sum to more than it moved."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from loyalty.ledger import ends, lots, queries
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.postings import Account, Move, account, begin, lock, post
from loyalty.ledger.rules import MEMBER, OWNED, PENDING, Posted, available_source, check_points


@dataclass(frozen=True)
class _Original:
    """The transaction that is taken back: what it moved between whose account and which pot."""

    id: str
    programme_id: str
    source: str
    owned: Account
    owner_id: str
    wallet: str
    pot: Account
    amount: int


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

    Points still pending go first. A member who no longer has the rest owes it: a flagged balance
    below zero. Points given back end when they would have. Raises NotFound where `of` did nothing,
    and Conflict where less than `points` is left to reverse.
    """
    if points is not None:
        check_points(points)
    original = _original(session, programme_id, of)
    with session.begin_nested():
        transaction_id = begin(session, programme_id, source, reason, now, original.id)
        if transaction_id is None:
            return _replay(session, programme_id, source, original.id, points)
        # Locked before looking at what was reversed, so that two reversals see each other.
        lock(session, original.owned.id)
        left = abs(original.amount) - queries.reversed_points(session, original.id)
        if left == 0 or (points or 0) > left:
            raise Conflict(
                "nothing_left_to_reverse", "More is reversed than there was.", left_points=left
            )
        if original.amount > 0:
            _take_back(session, transaction_id, original, points or left)
        else:
            _give_back(session, transaction_id, original, points or left)
    if original.amount < 0:
        ends.expire_lapsed(session, programme_id, original.owner_id, original.wallet, now=now)
    return Posted(transaction_id, is_new=True)


def _take_back(session: Session, transaction_id: str, original: _Original, points: int) -> None:
    pending = lots.find_lot(session, original.id, original.owned.id)
    is_pending = original.owned.kind == PENDING
    early = min(points, pending.remaining) if pending and is_pending else 0
    owned = original.owned
    moves = [Move(original.pot, points)]
    if early:
        moves.append(Move(owned, -early))
    if is_pending:
        owned = account(session, original.programme_id, MEMBER, original.owner_id, original.wallet)
    if points > early:
        moves.append(Move(owned, early - points, may_owe=True))
    post(session, transaction_id, moves)
    if pending and early:
        lots.take_from(session, transaction_id, pending, early)
    if points > early:
        first = _credit_of(session, original) if is_pending else original.id
        lots.burn(session, transaction_id, owned.id, points - early, first=first)


def _credit_of(session: Session, original: _Original) -> str | None:
    """The transaction that let pending points go."""
    source = available_source(original.source)
    return session.scalar(
        select(LedgerTransaction.id).where(
            LedgerTransaction.programme_id == original.programme_id,
            LedgerTransaction.source == source,
        )
    )


def _give_back(session: Session, transaction_id: str, original: _Original, points: int) -> None:
    moves = [Move(original.owned, points), Move(original.pot, -points)]
    leg = post(session, transaction_id, moves)[MEMBER]
    lots.give_back(session, transaction_id, original.id, points - leg.settled)


def _replay(
    session: Session, programme_id: str, source: str, original_id: str, points: int | None
) -> Posted:
    found = session.execute(
        select(LedgerTransaction.id, LedgerTransaction.reverses_id).where(
            LedgerTransaction.programme_id == programme_id, LedgerTransaction.source == source
        )
    ).one()
    if found.reverses_id != original_id or points not in (
        None,
        queries.points_reversed_by(session, found.id),
    ):
        raise Conflict("source_differs", "This source already had another effect.")
    return Posted(found.id, is_new=False)


def _original(session: Session, programme_id: str, source: str) -> _Original:
    rows = session.execute(
        select(LedgerTransaction, LedgerLeg.amount, LedgerAccount)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(LedgerTransaction.programme_id == programme_id, LedgerTransaction.source == source)
    ).all()
    if not rows:
        raise NotFound("source_not_found", "Nothing was posted under this source.")
    transaction = rows[0].LedgerTransaction
    if transaction.reverses_id is not None:
        raise Conflict("reversal_is_final", "A reversal cannot be reversed.")
    owned = [row for row in rows if row.LedgerAccount.kind in OWNED]
    if len(owned) != 1:
        raise Conflict("not_reversible", "Reverse the earning itself, not its release.")
    (pot,) = (row.LedgerAccount for row in rows if row.LedgerAccount.kind not in OWNED)
    whose = owned[0].LedgerAccount
    return _Original(
        id=transaction.id,
        programme_id=programme_id,
        source=source,
        owned=Account(whose.id, whose.kind),
        owner_id=whose.owner_id,
        wallet=whose.wallet,
        pot=Account(pot.id, pot.kind),
        amount=owned[0].amount,
    )
