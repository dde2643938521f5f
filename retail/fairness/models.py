"""Tables of fair play. No column names a shopper, save that of whoever appeals."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class FairRules(Base):
    """One version of a brand's rules; never changed, only followed by the next."""

    __tablename__ = "fair_rules"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rules: Mapped[dict[str, Any]]
    set_at: Mapped[datetime]


class LikeScan(Base):
    """Whether a brand's likes wait to be looked at for bursts and groups."""

    __tablename__ = "like_scan"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    is_waiting: Mapped[bool]


class ReviewCase(Base):
    """Likes held back together, with the evidence and, in the end, what somebody decided.

    Which likes they are, the likes themselves say. `decided_by` is an account of staff.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        CheckConstraint("kind IN ('burst', 'group')", name="kind"),
        CheckConstraint("state IN ('open', 'cleared', 'removed')", name="state"),
        Index("ix_review_case_queue", "brand_id", "state", "answer_by"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="open")
    rules_version: Mapped[int]
    evidence: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None] = mapped_column(String(300))


class Appeal(Base):
    """A stylist's one appeal against a case, and what somebody else answered."""

    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_waiting", "brand_id", "answered_at"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("review_case.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    words: Mapped[str] = mapped_column(String(500))
    appealed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(Id)
    is_upheld: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(String(300))
