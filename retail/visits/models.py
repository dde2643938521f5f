"""Tables of visits, and of what is left of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Visit(Base):
    """A member said that they were at a store, once for each of its days; kept for 14 days."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("member_id", "store_id", "visited_on"),
        Index("ix_visit_checked_in_at", "checked_in_at"),
        Index("ix_visit_store", "store_id", "visited_on"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    visited_on: Mapped[date]
    checked_in_at: Mapped[datetime]


class VisitedLike(Base):
    """A like after which its giver checked in somewhere: all that is left of a visit, no place
    and no time of its own. It counts for the like of that instant and no later one."""

    __tablename__ = "visited_like"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    outfit_id: Mapped[str] = mapped_column(Id, primary_key=True)
    liked_at: Mapped[datetime] = mapped_column(primary_key=True)
    stylist_id: Mapped[str] = mapped_column(Id, index=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
