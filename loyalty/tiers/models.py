"""Ladders, where members of a programme stand on them, and how they came there."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class TierLadder(Base):
    """One version of a programme's tiers, never changed; the newest is in force.

    `published_by` is whoever did it, None where a command did.
    """

    __tablename__ = "tier_ladder"
    __table_args__ = (UniqueConstraint("programme_id", "version"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by: Mapped[str | None] = mapped_column(String(64))


class TierStanding(Base):
    """Where somebody stood when it was last worked out, and when it has to be again."""

    __tablename__ = "tier_standing"
    __table_args__ = (Index("ix_tier_standing_review", "programme_id", "review_at"),)

    programme_id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tier: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    review_at: Mapped[datetime | None]
    version: Mapped[int]


class TierChange(Base):
    """That somebody rose or fell, as it was noticed."""

    __tablename__ = "tier_change"
    __table_args__ = (Index("ix_tier_change_owner", "programme_id", "owner_id", "noticed_at"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    owner_id: Mapped[str] = mapped_column(String(64))
    before: Mapped[str | None] = mapped_column(String(20))
    tier: Mapped[str] = mapped_column(String(20))
    is_up: Mapped[bool]
    noticed_at: Mapped[datetime]
