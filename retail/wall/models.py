"""Tables of the brand wall: posts, decisions and reports."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class WallPost(Base):
    """A look that its owner showed to everyone, and whether it may hang.

    `caption` is the look's as the wall last saw it; `is_passed` says that a person let it through.
    `version` counts whatever changes what somebody decides on. Its owner
    may ask once for another look, at `appealed_at`; until somebody took it, `asks_again`.
    """

    __tablename__ = "wall_post"
    __table_args__ = (
        Index("ix_wall_post_wall", "brand_id", "state", "posted_at"),
        CheckConstraint("state IN ('shown', 'waiting', 'hidden')", name="state"),
    )

    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), index=True)
    caption: Mapped[str] = mapped_column(String(80))
    is_passed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    posted_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    appealed_at: Mapped[datetime | None]
    asks_again: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class WallDecision(Base):
    """What was decided about a post, by whom and why; never changed, only followed by another.

    Without `staff_id` the owner asked for another look.
    """

    __tablename__ = "wall_decision"
    __table_args__ = (Index("ix_wall_decision_outfit", "outfit_id", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("wall_post.outfit_id"))
    staff_id: Mapped[str | None] = mapped_column(Id, ForeignKey("staff_account.id"))
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(200), default="")
    state_before: Mapped[str] = mapped_column(String(12))
    state_after: Mapped[str] = mapped_column(String(12))
    reason_before: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int]
    decided_at: Mapped[datetime]


class WallReport(Base):
    """A member's wish that somebody looks at a look; settled by the next decision about it."""

    __tablename__ = "wall_report"
    __table_args__ = (
        Index("ix_wall_report_open", "brand_id", "settled_at"),
        Index("ix_wall_report_member", "member_id", "reported_at"),
    )

    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("wall_post.outfit_id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
