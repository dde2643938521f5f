"""Tables of saved looks and pieces."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class OutfitSave(Base):
    """A look that a member saved. The stylist is copied, as in a like."""

    __tablename__ = "outfit_save"
    __table_args__ = (Index("ix_outfit_save_member", "member_id", "saved_at"),)

    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    stylist_id: Mapped[str] = mapped_column(Id, index=True)
    saved_at: Mapped[datetime]


class SavedPiece(Base):
    """A piece that a member keeps from its label: one colour and size, until a day or for good."""

    __tablename__ = "saved_piece"
    __table_args__ = (Index("ix_saved_piece_member", "member_id", "saved_at"),)

    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    saved_at: Mapped[datetime]
    remind_on: Mapped[date | None]


class PayDay(Base):
    """The day of the month on which a member is paid; 31 stands for the last of every month."""

    __tablename__ = "pay_day"
    __table_args__ = (CheckConstraint("day BETWEEN 1 AND 31", name="day"),)

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    day: Mapped[int]
    told_at: Mapped[datetime]
