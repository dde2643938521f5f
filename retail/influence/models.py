"""Tables of whom stylists were spoken of to, and of how long before a sale they may have been."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class InfluenceAudience(Base):
    """A stylist was about to be spoken of to a member in a month, or was kept back from it.

    Both arms have rows, so that like is set beside like; `cluster_id` and `arm` are repeated from
    the experiment, as what was done. `first_at` is the first such time of the month.
    """

    __tablename__ = "influence_audience"
    __table_args__ = (
        CheckConstraint("arm IN ('treatment', 'holdout')", name="arm"),
        Index("ix_influence_audience_month", "brand_id", "month_on"),
        Index("ix_influence_audience_member", "member_id"),
    )

    experiment_id: Mapped[str] = mapped_column(Id, primary_key=True)
    stylist_id: Mapped[str] = mapped_column(
        Id, ForeignKey("member.id"), primary_key=True, index=True
    )
    month_on: Mapped[date] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    cluster_id: Mapped[str] = mapped_column(String(32))
    arm: Mapped[str] = mapped_column(String(10))
    first_at: Mapped[datetime]


class InfluenceWindow(Base):
    """From a month on, how many days before a sale something may have led to it."""

    __tablename__ = "influence_window"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 60", name="days"),)

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    month_on: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[int]
    chosen_at: Mapped[datetime]
