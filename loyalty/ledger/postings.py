"""How a transaction is written: begun once for its source, its legs checked to sum to zero.

An owner's account is locked by the change of its balance, so what follows sees a lot as it is.
Pending accounts are locked before members', so that nobody waits in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore, insert_many
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction
from loyalty.ledger.rules import OWNED, PENDING, POINTS


@dataclass(frozen=True)
class Account:
    """An account to post to."""

    id: str
    kind: str

    @property
    def is_owned(self) -> bool:
        """Whether its balance is stored, and guarded against falling below zero."""
        return self.kind in OWNED


@dataclass(frozen=True)
class Move:
    """What goes into an account, or out of it below zero; only a return may leave a debt."""

    account: Account
    amount: int
    may_owe: bool = False


@dataclass(frozen=True)
class Written:
    """The leg of an owner's account as it was posted."""

    account: Account
    amount: int
    balance_after: int

    @property
    def settled(self) -> int:
        """How much of a gain went into a debt."""
        return min(max(self.amount, 0), max(0, self.amount - self.balance_after))


def begin(
    session: Session,
    programme_id: str,
    source: str,
    reason: str,
    now: datetime,
    reverses_id: str | None = None,
) -> str | None:
    """A new transaction's id, or None where the source has had its effect."""
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


def account(
    session: Session, programme_id: str, kind: str, owner_id: str = "", wallet: str = POINTS
) -> Account:
    """The account of an owner or a pot, opened where it is missing."""
    found = select(LedgerAccount.id).where(
        LedgerAccount.programme_id == programme_id,
        LedgerAccount.kind == kind,
        LedgerAccount.owner_id == owner_id,
        LedgerAccount.wallet == wallet,
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
            wallet=wallet,
        )
        account_id = session.scalars(found).one()
    return Account(account_id, kind)


def lock(session: Session, account_id: str) -> int:
    """Keep others from an owner's account until the transaction ends; gives its balance."""
    return session.scalars(
        select(LedgerAccount.balance)
        .where(LedgerAccount.id == account_id)
        .with_for_update(key_share=True)
    ).one()


def post(session: Session, transaction_id: str, moves: Sequence[Move]) -> dict[str, Written]:
    """Write the legs of a transaction, over any number of accounts; gives those of owners by kind.

    Raises Conflict where an owner has less than goes out, ValueError for legs that do not balance.
    """
    if len(moves) < 2 or sum(move.amount for move in moves) != 0:
        raise ValueError("The legs of a transaction sum to zero.")
    written: dict[str, Written] = {}
    rows = []
    for move in sorted(moves, key=lambda move: move.account.kind != PENDING):
        balance = _change(session, move) if move.account.is_owned else None
        if balance is not None:
            written[move.account.kind] = Written(move.account, move.amount, balance)
        rows.append(
            {
                "transaction_id": transaction_id,
                "account_id": move.account.id,
                "amount": move.amount,
                "balance_after": balance,
            }
        )
    # The legs follow while the rows are locked, so the ids of an owner's legs are in order.
    insert_many(session, LedgerLeg, rows)
    return written


def _change(session: Session, move: Move) -> int:
    after = LedgerAccount.balance + move.amount
    change = update(LedgerAccount).where(LedgerAccount.id == move.account.id)
    if move.amount < 0 and not move.may_owe:
        change = change.where(after >= 0)
    balance: int | None = session.scalar(
        change.values(balance=after, owes=after < 0).returning(LedgerAccount.balance),
        execution_options={"synchronize_session": False},
    )
    if balance is None:
        raise Conflict("not_enough_points", "There are not enough points for this.")
    return balance
