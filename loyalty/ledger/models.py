"""Accounts, transactions and legs; lots are what is left of earnings whose points have an end.

Only owners' balances are stored, beside the legs they sum: the accounts of the programme would be
rows that everybody waits for, so theirs are summed. What is left of a lot is stored likewise,
beside the moves it sums.
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from loyalty.immutable import execute_guard

Points = BigInteger()
_BigKey = BigInteger().with_variant(Integer, "sqlite")


class LedgerAccount(Base):
    """An owner's points, those on their way to them, or one of the programme's own pots.

    `owner_id` is empty for a pot. `owes` flags a return debt: the one way in which an owner may
    be below zero.
    """

    __tablename__ = "ledger_account"
    __table_args__ = (
        UniqueConstraint("programme_id", "kind", "owner_id", "wallet"),
        CheckConstraint(
            "kind NOT IN ('member', 'pending') OR balance >= 0 OR (owes AND kind = 'member')",
            name="never_below_zero",
        ),
        CheckConstraint("(kind IN ('member', 'pending')) = (owner_id <> '')", name="owner"),
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


class LedgerLot(Base):
    """Points of one earning that end together: an owner's expire then, pending ones come free.

    `opened` is what came into the account less what settled a debt; `remaining` is that and the
    sum of its moves, as a balance is the sum of its legs.
    """

    __tablename__ = "ledger_lot"
    __table_args__ = (
        UniqueConstraint("transaction_id", "account_id"),
        CheckConstraint("remaining >= 0 AND remaining <= opened", name="remaining"),
        Index(
            "ix_ledger_lot_open",
            "account_id",
            "ends_at",
            "id",
            sqlite_where=text("remaining > 0"),
            postgresql_where=text("remaining > 0"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    transaction_id: Mapped[str] = mapped_column(ForeignKey("ledger_transaction.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("ledger_account.id"))
    ends_at: Mapped[datetime]
    opened: Mapped[int] = mapped_column(Points)
    remaining: Mapped[int] = mapped_column(Points)


class LedgerLotMove(Base):
    """How much of a lot a transaction burned (below zero) or gave back to it."""

    __tablename__ = "ledger_lot_move"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount"),)

    lot_id: Mapped[str] = mapped_column(ForeignKey("ledger_lot.id"), primary_key=True)
    transaction_id: Mapped[str] = mapped_column(
        ForeignKey("ledger_transaction.id"), primary_key=True, index=True
    )
    amount: Mapped[int] = mapped_column(Points)


for _table in (LedgerTransaction, LedgerLeg, LedgerLotMove):
    event.listen(_table.__table__, "after_create", execute_guard)
