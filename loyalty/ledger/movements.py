"""What came to owners and went, by the instants that it is about: of one, or of very many at once.

What was taken back of something counts at the instant of that, as if it had never been there.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.rules import OWNED

Moved = tuple[datetime, int]


def of_owner(session: Session, programme_id: str, owner_id: str, wallet: str) -> list[Moved]:
    """What came to an owner or went, pending or not."""
    is_theirs = LedgerAccount.owner_id == owner_id
    return _movements(session, programme_id, wallet, is_theirs).get(owner_id, [])


def up_to(
    session: Session, programme_id: str, owner_id: str, wallet: str
) -> Mapping[str, list[Moved]]:
    """`of_owner` for every owner whose id sorts up to this one and who has any, in one read."""
    return _movements(session, programme_id, wallet, LedgerAccount.owner_id <= owner_id)


def _movements(
    session: Session, programme_id: str, wallet: str, whose: ColumnElement[bool]
) -> dict[str, list[Moved]]:
    rows = session.execute(
        select(
            LedgerAccount.owner_id,
            LedgerTransaction.id,
            LedgerTransaction.reverses_id,
            LedgerTransaction.happened_at,
            LedgerLeg.amount,
        )
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLeg.account_id)
        .where(
            LedgerAccount.programme_id == programme_id,
            LedgerAccount.wallet == wallet,
            LedgerAccount.kind.in_(OWNED),
            whose,
        )
    ).all()
    happened: dict[str, dict[str, datetime]] = defaultdict(dict)
    for owner_id, one, _reverses, at, _amount in rows:
        happened[owner_id][one] = at
    amounts: dict[str, dict[str, int]] = {
        owner_id: dict.fromkeys(theirs, 0) for owner_id, theirs in happened.items()
    }
    for owner_id, one, reverses, _at, amount in rows:
        theirs = amounts[owner_id]
        theirs[reverses if reverses in theirs else one] += amount
    return {
        owner_id: [(happened[owner_id][one], amount) for one, amount in theirs.items() if amount]
        for owner_id, theirs in amounts.items()
    }
