"""What came to owners and went, by the instants that it is about: of one, or of very many at once.

What was taken back of something counts at the instant of that, as if it had never been there.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.rules import OWNED

Moved = tuple[datetime, int]

# Read with every credit and every return: built once, since building takes longer than reading.
_MOVEMENTS = (
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
        LedgerAccount.programme_id == bindparam("programme_id"),
        LedgerAccount.wallet == bindparam("wallet"),
        LedgerAccount.kind.in_(OWNED),
    )
)
_OF_OWNER = _MOVEMENTS.where(LedgerAccount.owner_id == bindparam("owner_id"))
_UP_TO = _MOVEMENTS.where(LedgerAccount.owner_id <= bindparam("owner_id"))


def of_owner(session: Session, programme_id: str, owner_id: str, wallet: str) -> list[Moved]:
    """What came to an owner or went, pending or not."""
    return _movements(session, _OF_OWNER, programme_id, owner_id, wallet).get(owner_id, [])


def up_to(
    session: Session, programme_id: str, owner_id: str, wallet: str
) -> Mapping[str, list[Moved]]:
    """`of_owner` for every owner whose id sorts up to this one and who has any, in one read."""
    return _movements(session, _UP_TO, programme_id, owner_id, wallet)


def _movements(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    programme_id: str,
    owner_id: str,
    wallet: str,
) -> dict[str, list[Moved]]:
    given = {"programme_id": programme_id, "wallet": wallet, "owner_id": owner_id}
    rows = session.execute(statement, given).all()
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
