"""How points must not be posted: read, then write what was read. The races must catch this.

Each is told how to wait until everybody has read, so that nothing is left to chance.
"""

from collections.abc import Callable

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from core.sql import insert_many
from core.transaction import Database
from loyalty.ledger import queries
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerLot, LedgerTransaction
from loyalty.ledger.rules import Lot
from tests.builders.points import PROGRAMME


def spend(db: Database, owner_id: str, points: int, *, all_have_read: Callable[[], object]) -> bool:
    """Spend where a balance read beforehand allowed it."""
    with db.read() as session:
        balance = queries.balance(session, PROGRAMME, owner_id)
    all_have_read()
    if balance < points:
        return False
    with db.write() as session:
        _post(session, owner_id, -points, balance - points)
    return True


def earn_once(
    db: Database, owner_id: str, points: int, source: str, *, all_have_read: Callable[[], object]
) -> bool:
    """Earn where the source was not found beforehand."""
    with db.read() as session:
        is_known = queries.find_effect(session, PROGRAMME, source) is not None
        balance = queries.balance(session, PROGRAMME, owner_id)
    all_have_read()
    if is_known:
        return False
    with db.write() as session:
        # Not even the unique source helps whoever makes up a new one for each attempt.
        _post(session, owner_id, points, balance + points)
    return True


def reverse(
    db: Database, owner_id: str, of: str, points: int, *, all_have_read: Callable[[], object]
) -> bool:
    """Take back where what was left, read beforehand, allowed it."""
    with db.read() as session:
        effect = queries.find_effect(session, PROGRAMME, of)
        balance = queries.balance(session, PROGRAMME, owner_id)
    all_have_read()
    assert effect is not None
    if effect.points - effect.reversed_points < points:
        return False
    with db.write() as session:
        _post(session, owner_id, -points, balance - points, effect.transaction_id)
    return True


def expire(session: Session, owner_id: str, lot: Lot) -> None:
    """Let expire what a lot had when it was read."""
    _post(
        session, owner_id, -lot.points, queries.balance(session, PROGRAMME, owner_id) - lot.points
    )
    session.execute(
        update(LedgerLot)
        .where(LedgerLot.id == lot.id)
        .values(remaining=LedgerLot.opened - lot.points)
    )


def _post(
    session: Session, owner_id: str, amount: int, balance: int, reverses_id: str | None = None
) -> None:
    accounts = {
        account.kind: account
        for account in session.scalars(
            select(LedgerAccount).where(LedgerAccount.owner_id.in_(("", owner_id)))
        )
    }
    transaction = LedgerTransaction(
        id=new_id(),
        programme_id=PROGRAMME,
        source=new_id(),
        reason="naive",
        reverses_id=reverses_id,
        happened_at=clock.now(),
    )
    session.add(transaction)
    session.flush()
    member = accounts["member"].id
    session.execute(
        update(LedgerAccount)
        .where(LedgerAccount.id == member)
        .values(balance=balance, owes=balance < 0)
    )
    legs = ((member, amount, balance), (accounts["programme"].id, -amount, None))
    insert_many(
        session,
        LedgerLeg,
        [
            {
                "transaction_id": transaction.id,
                "account_id": account_id,
                "amount": moved,
                "balance_after": after,
            }
            for account_id, moved, after in legs
        ],
    )
