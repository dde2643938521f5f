"""How a transaction is written: begun once for its source, its legs checked to sum to zero.

An owner's account is locked before anything is written, or by the change of its balance; what
follows sees a lot as it is. Earnings and spendings lock it first and claim their source then.
Pending accounts are locked before members', so that nobody waits in a circle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, FromClause, Table, and_, bindparam, insert, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import execute, insert_ignore
from loyalty.ledger.models import LedgerAccount, LedgerLeg, LedgerTransaction, Points
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
class Locked:
    """An owner's account that nobody else can change, what is in it, and the other side's pot."""

    owned: Account
    balance: int
    pot: Account


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


# Prebuilt and on the tables: every earning and spending passes here.
_ACCOUNTS = cast("Table", LedgerAccount.__table__)
_POTS = _ACCOUNTS.alias("pot")
_BALANCE = _ACCOUNTS.c.balance + bindparam("points", type_=Points)
_LEGS = insert(cast("Table", LedgerLeg.__table__))


def _is(accounts: FromClause, **named: str) -> ColumnElement[bool]:
    return and_(*(accounts.c[column] == bindparam(f"of_{name}") for column, name in named.items()))


_WHERE = {"programme_id": "programme_id", "wallet": "wallet"}
_OWNER = _is(_ACCOUNTS, kind="kind", owner_id="owner_id", **_WHERE)
_POT = select(_POTS.c.id).where(_is(_POTS, kind="pot", **_WHERE), _POTS.c.owner_id == "")
_ACCOUNT = select(_ACCOUNTS.c.id).where(_OWNER)
_LOCKED = (
    select(_ACCOUNTS.c.id, _ACCOUNTS.c.balance, _POT.scalar_subquery().label("pot_id"))
    .where(_OWNER)
    .with_for_update(key_share=True, of=_ACCOUNTS)
)
_CHANGE = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("account"))
    .values(balance=_BALANCE, owes=_BALANCE < 0)
    .returning(_ACCOUNTS.c.balance)
)
_CHANGE_WHERE_ENOUGH = _CHANGE.where(_BALANCE >= 0)


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
    key = {"programme_id": programme_id, "kind": kind, "owner_id": owner_id, "wallet": wallet}
    asked = {f"of_{name}": value for name, value in key.items()}
    account_id = execute(session, _ACCOUNT, asked).scalar()
    if account_id is None:
        insert_ignore(session, LedgerAccount, id=new_id(), **key)
        account_id = execute(session, _ACCOUNT, asked).scalar_one()
    return Account(account_id, kind)


def find_locked(
    session: Session, programme_id: str, kind: str, owner_id: str, wallet: str, pot: str
) -> Locked | None:
    """An owner's account, kept from others until the transaction ends, with a pot beside it.

    None where the owner has none; a missing pot is opened.
    """
    about = {"programme_id": programme_id, "wallet": wallet}
    key = about | {"kind": kind, "owner_id": owner_id, "pot": pot}
    asked = {f"of_{name}": value for name, value in key.items()}
    row = execute(session, _LOCKED, asked).one_or_none()
    if row is None:
        return None
    other = Account(row.pot_id, pot) if row.pot_id else account(session, kind=pot, **about)
    return Locked(Account(row.id, kind), row.balance, other)


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
    execute(session, _LEGS, rows)
    return written


def _change(session: Session, move: Move) -> int:
    change = _CHANGE_WHERE_ENOUGH if move.amount < 0 and not move.may_owe else _CHANGE
    given = {"account": move.account.id, "points": move.amount}
    balance: int | None = execute(session, change, given).scalar()
    if balance is None:
        raise not_enough()
    return balance


def not_enough() -> Conflict:
    """The refusal of whoever would take more than there is."""
    return Conflict("not_enough_points", "There are not enough points for this.")
