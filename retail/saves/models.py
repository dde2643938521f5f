"""The table of saved looks."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
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
