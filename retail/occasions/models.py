"""Tables of occasions, who was asked to come, what they plan to wear, and who wants to twin."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Occasion(Base):
    """Something to dress up for, made by one member. `starts_at` is an instant; its day and hour
    are read on the clocks of `zone`. `uid` names it in the calendar that it was imported from;
    `over_at` is its end, or when it is taken to be over."""

    __tablename__ = "occasion"
    __table_args__ = (
        UniqueConstraint("member_id", "uid"),
        CheckConstraint("over_at >= starts_at", name="over_after_it_starts"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    over_at: Mapped[datetime]
    is_all_day: Mapped[bool] = mapped_column(default=False)
    uid: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Attendance(Base):
    """That a member comes, was asked to, or does not; whoever made the occasion comes."""

    __tablename__ = "occasion_attendance"
    __table_args__ = (
        Index("ix_occasion_attendance_member", "member_id"),
        CheckConstraint("state IN ('invited', 'accepted', 'declined')", name="state"),
    )

    occasion_id: Mapped[str] = mapped_column(Id, ForeignKey("occasion.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    state: Mapped[str] = mapped_column(String(8))
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class PlannedPiece(Base):
    """What somebody plans to wear, to be read by nobody else: a style in a colour."""

    __tablename__ = "planned_piece"
    __table_args__ = (Index("ix_planned_piece_member", "member_id"),)

    occasion_id: Mapped[str] = mapped_column(Id, ForeignKey("occasion.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    colour_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"))
    planned_at: Mapped[datetime]


class TwinWish(Base):
    """That a member would wear a piece together with another; twins are two wishes that meet."""

    __tablename__ = "twin_wish"
    __table_args__ = (
        Index("ix_twin_wish_member", "member_id"),
        Index("ix_twin_wish_friend", "friend_id"),
        CheckConstraint("member_id <> friend_id", name="others"),
    )

    occasion_id: Mapped[str] = mapped_column(Id, ForeignKey("occasion.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    friend_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    colour_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    wished_at: Mapped[datetime]
