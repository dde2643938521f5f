"""Rewards as they were offered, what is left of each, and every exchange as a row.

What money hangs on is written once: a reward with another price is another reward. Only how many
went, and whether it was stopped, stands apart and changes.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from loyalty.immutable import execute_guard


class Reward(Base):
    """What points bring, at which price and for whom; written once."""

    __tablename__ = "reward"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("valid_days > 0", name="valid_days"),
        CheckConstraint("per_owner > 0", name="per_owner"),
        CheckConstraint("undo_minutes >= 0", name="undo_minutes"),
        CheckConstraint("starts_at < ends_at", name="window"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    price: Mapped[int] = mapped_column(BigInteger)
    wallet: Mapped[str] = mapped_column(String(20))
    terms_id: Mapped[str] = mapped_column(Id)
    valid_days: Mapped[int]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    per_owner: Mapped[int | None]
    tier: Mapped[str | None] = mapped_column(String(20))
    undo_minutes: Mapped[int]
    made_by: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]


class RewardShelf(Base):
    """How many of a reward there are, None for no end of them, and how many went."""

    __tablename__ = "reward_shelf"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND taken <= coalesce(stock, taken)", name="taken"),
    )

    reward_id: Mapped[str] = mapped_column(ForeignKey("reward.id"), primary_key=True)
    stock: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    stopped_at: Mapped[datetime | None]


class RewardExchange(Base):
    """One reward for one owner, until `back_at`; the source is the owner's wish, once for ever."""

    __tablename__ = "reward_exchange"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint("(back_at IS NULL) = (back_by IS NULL)", name="back"),
        CheckConstraint("back_by IN ('owner', 'staff')", name="back_by"),
        Index("ix_reward_exchange_owner", "reward_id", "owner_id"),
        Index("ix_reward_exchange_newest", "programme_id", "owner_id", "taken_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    reward_id: Mapped[str] = mapped_column(ForeignKey("reward.id"))
    owner_id: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    points: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    back_at: Mapped[datetime | None]
    back_by: Mapped[str | None] = mapped_column(String(5))
    back_reason: Mapped[str | None] = mapped_column(String(300))


event.listen(Reward.__table__, "after_create", execute_guard)
