"""Accounts, transactions and legs. Only members' balances are stored, beside the legs they sum.

The accounts of the programme would be rows that everybody waits for, so theirs are summed.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from loyalty.immutable import execute_guard

Points = BigInteger()
_BigKey = BigInteger().with_variant(Integer, "sqlite")


class LedgerAccount(Base):
    """A member's points, or one of the programme's own pots (`owner_id` is then empty).

    `owes` flags a return debt: the one way in which a member may be below zero.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("programme_id", "kind", "owner_id", "wallet"),
        CheckConstraint("kind <> 'member' OR balance >= 0 OR owes", name="never_below_zero"),
        CheckConstraint("(kind = 'member') = (owner_id <> '')", name="owner"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    owner_id: Mapped[str] = mapped_column(String(64), default="")
    wallet: Mapped[str] = mapped_column(String(20), default="points")
    balance: Mapped[int] = mapped_column(Points, default=0)
    owes: Mapped[bool] = mapped_column(default=False)


class LedgerTransaction(Base):
    """One effect of one source, for ever."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (UniqueConstraint("programme_id", "source"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(60))
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("ledger_transaction.id"), index=True)
    happened_at: Mapped[datetime]


class LedgerLeg(Base):
    """What a transaction moves into (above zero) or out of (below zero) one account."""

    __tablename__ = "ledger_leg"
    __table_args__ = (
        UniqueConstraint("transaction_id", "account_id"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_ledger_leg_statement", "account_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BigKey, primary_key=True)
    transaction_id: Mapped[str] = mapped_column(ForeignKey("ledger_transaction.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("ledger_account.id"))
    amount: Mapped[int] = mapped_column(Points)
    balance_after: Mapped[int | None] = mapped_column(Points)


event.listen(LedgerTransaction.__table__, "after_create", execute_guard)
event.listen(LedgerLeg.__table__, "after_create", execute_guard)
