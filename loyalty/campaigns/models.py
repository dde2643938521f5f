"""Campaigns, what they gave, and what was taken back of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_COUNTED = text("taken_back_at IS NULL")


class Campaign(Base):
    """A campaign; one with limits counts what it gave, which its uses sum to.

    The limits are repeated from its definition, so that one conditional statement can keep them.
    Without limits nothing is counted here: everybody would wait for the row.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("state IN ('draft', 'started', 'stopped')", name="state"),
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="runs"),
        CheckConstraint("uses_limit IS NULL OR uses <= uses_limit", name="uses"),
        CheckConstraint("budget_minor IS NULL OR spent_minor <= budget_minor", name="money"),
        CheckConstraint("budget_points IS NULL OR spent_points <= budget_points", name="points"),
        CheckConstraint("uses >= 0 AND spent_minor >= 0 AND spent_points >= 0", name="spent"),
        Index("ix_campaign_state", "programme_id", "state", "starts_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(8), default="draft")
    definition: Mapped[dict[str, Any]]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    uses_limit: Mapped[int | None]
    budget_minor: Mapped[int | None] = mapped_column(BigInteger)
    budget_points: Mapped[int | None] = mapped_column(BigInteger)
    uses: Mapped[int] = mapped_column(default=0)
    spent_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    spent_points: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]


class CampaignUse(Base):
    """What a campaign gave for one source, once.

    A sale whose member became known later takes one use: what they got then `completes_id` it.

    Where somebody may have it so many times only, `number` says the how-manieth this was; one whose
    use was taken back can be had again, so a cancelled sale spends nothing.
    """

    __tablename__ = "campaign_use"
    __table_args__ = (
        UniqueConstraint("campaign_id", "source"),
        Index(
            "ix_campaign_use_number",
            "campaign_id",
            "owner_id",
            "number",
            unique=True,
            sqlite_where=_COUNTED,
            postgresql_where=_COUNTED,
        ),
        Index("ix_campaign_use_owner", "owner_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaign.id"))
    source: Mapped[str] = mapped_column(String(120))
    owner_id: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[int | None]
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int] = mapped_column(BigInteger)
    effects: Mapped[list[Any]]
    used_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    completes_id: Mapped[str | None] = mapped_column(ForeignKey("campaign_use.id"))


class CampaignBasket(Base):
    """A basket that was priced for good under a source, whether or not it was given anything.

    `fingerprint` tells the same basket from another one. Of the basket it is kept when it was
    bought and how many lines it had; `bound_to` names the sale that it was, once that is known.
    """

    __tablename__ = "campaign_basket"

    programme_id: Mapped[str] = mapped_column(Id, primary_key=True)
    source: Mapped[str] = mapped_column(String(120), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    bought_at: Mapped[datetime | None]
    lines: Mapped[int | None]
    bound_to: Mapped[str | None] = mapped_column(String(64))
