"""Tables of awards. A programme is a tenant; owners, contests and who settles are opaque ids."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_IS_OPEN = text("settled_at IS NULL")


class Award(Base):
    """One prize for one owner: one row for one entitlement, its code only as a keyed hash.

    Held until two people released it, open while it waits for its owner, then settled for good.
    Passed on, it is followed by an award of its own, one `turn` later. Doubted, it waits where it
    is until somebody has said whether it stands.
    """

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("contest_id", "place", "turn"),
        UniqueConstraint("source"),
        CheckConstraint(
            "state IN ('held', 'open', 'given', 'collected', 'accepted', 'expired', 'passed_on',"
            " 'withheld', 'taken_back')",
            name="state",
        ),
        CheckConstraint("NOT is_doubted OR state IN ('held', 'open', 'given')", name="doubt"),
        CheckConstraint("kind IN ('points', 'voucher', 'gift', 'invitation')", name="kind"),
        Index("ix_award_owner", "programme_id", "owner_id", "awarded_at"),
        Index("ix_award_state", "programme_id", "state", "awarded_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    contest_id: Mapped[str] = mapped_column(Id)
    place: Mapped[int]
    turn: Mapped[int]
    owner_id: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[int]
    currency: Mapped[str | None] = mapped_column(String(3))
    title: Mapped[str] = mapped_column(String(120))
    claim_days: Mapped[int]
    unclaimed: Mapped[str] = mapped_column(String(12))
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    is_doubted: Mapped[bool] = mapped_column(default=False, server_default=false())
    awarded_at: Mapped[datetime]
    claim_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))


class Release(Base):
    """One person's word that a held prize may go; a prize needs two of them."""

    __tablename__ = "award_release"

    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"), primary_key=True)
    by_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    released_at: Mapped[datetime]


class Doubt(Base):
    """Why an award was looked at again, and what was said: one at a time waits for an answer."""

    __tablename__ = "award_doubt"
    __table_args__ = (
        CheckConstraint("verdict IN ('stands', 'taken_back', 'left')", name="verdict"),
        CheckConstraint("(verdict IS NULL) = (settled_at IS NULL)", name="settled"),
        Index(
            "ix_award_doubt_open",
            "award_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    award_id: Mapped[str] = mapped_column(ForeignKey("award.id"))
    place_then: Mapped[int]
    place_now: Mapped[int | None]
    score_then: Mapped[int]
    score_now: Mapped[int]
    raised_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(12))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))
