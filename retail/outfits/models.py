"""Tables of outfits and their pieces."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Outfit(Base):
    """One receipt laid out by the member who claimed it. `version` counts visible changes."""

    __tablename__ = "outfit"
    __table_args__ = (
        UniqueConstraint("receipt_id", "member_id"),
        Index("ix_outfit_member", "member_id", "created_at"),
        Index("ix_outfit_wall", "brand_id", "state", "audience", "published_at"),
        CheckConstraint("state IN ('draft', 'published', 'away')", name="state"),
        CheckConstraint("audience IN ('only_me', 'friends', 'everyone')", name="audience"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"))
    receipt_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt.id"))
    caption: Mapped[str] = mapped_column(String(80), default="")
    background: Mapped[str] = mapped_column(String(12), default="blush")
    audience: Mapped[str] = mapped_column(String(12), default="only_me")
    state: Mapped[str] = mapped_column(String(12), default="draft")
    has_points_ad: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class OutfitPiece(Base):
    """One bought piece on the board: place in per mille of its width and height, degrees."""

    __tablename__ = "outfit_piece"
    __table_args__ = (UniqueConstraint("outfit_id", "line_item_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    outfit_id: Mapped[str] = mapped_column(Id, ForeignKey("outfit.id"))
    line_item_id: Mapped[str] = mapped_column(Id, ForeignKey("line_item.id"))
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"))
    x: Mapped[int]
    y: Mapped[int]
    width: Mapped[int]
    rotation: Mapped[int]
    depth: Mapped[int]
    is_shown: Mapped[bool] = mapped_column(default=True)
