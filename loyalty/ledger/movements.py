"""What came to owners and went, by the instants that it is about: of one, or of very many at once.

What was taken back of something counts at the instant of that, as if it had never been there.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from core.sql import ends_below
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.rules import OWNED

Moved = tuple[datetime, int]
_OWNER = LedgerAccount.owner_id

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


def of_owner(session: Session, programme_id: str, owner_id: str, wallet: str) -> list[Moved]:
    """What came to an owner or went, pending or not."""
    given = {"programme_id": programme_id, "wallet": wallet, "owner_id": owner_id}
    return _movements(session, _OF_OWNER, given).get(owner_id, [])


def of_all(
    session: Session, programme_id: str, wallet: str, *, tail: str | None = None
) -> Mapping[str, list[Moved]]:
    """`of_owner` for every owner who has any, or whose id ends below `tail`, in one read."""
    rows = _MOVEMENTS if tail is None else _MOVEMENTS.where(ends_below(_OWNER, tail))
    return _movements(session, rows, {"programme_id": programme_id, "wallet": wallet})


def _movements(
    session: Session, statement: Select[*tuple[Any, ...]], given: dict[str, str]
) -> dict[str, list[Moved]]:
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
