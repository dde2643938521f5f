"""Terms in their versions, and what was awarded under which: all of it only ever grows."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import event as events
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from loyalty.immutable import execute_guard


class EarningTerms(Base):
    """A version of a programme's terms; the newest holds, the others stay for what they gave.

    `made_by` is whoever set them, None where a command did.
    """

    __tablename__ = "earning_terms"

    programme_id: Mapped[str] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by: Mapped[str | None] = mapped_column(String(64))


class EarningOwner(Base):
    """A row for each who earns, locked while they do, so that caps see all that was earned."""

    __tablename__ = "earning_owner"

    programme_id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(64), primary_key=True)


class EarningAward(Base):
    """What a source earned, once, with all that it was computed from."""

    __tablename__ = "earning_award"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint("kind IN ('basket', 'action')", name="kind"),
        Index("ix_earning_award_owner", "programme_id", "owner_id", "happened_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(120))
    owner_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    basket: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]


class EarningAwardPart(Base):
    """Points that one rule gave for one line."""

    __tablename__ = "earning_award_part"
    __table_args__ = (CheckConstraint("points > 0", name="points"),)

    award_id: Mapped[str] = mapped_column(ForeignKey("earning_award.id"), primary_key=True)
    rule_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    wallet: Mapped[str] = mapped_column(String(20))
    points: Mapped[int] = mapped_column(BigInteger)


for _table in (EarningTerms, EarningAward, EarningAwardPart):
    events.listen(_table.__table__, "after_create", execute_guard)
