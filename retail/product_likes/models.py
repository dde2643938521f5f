"""Tables of likes of goods, and of how many there are, counted again and again."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class ProductLike(Base):
    """That a member likes a style, in whatever colour and size.

    It joins the count at `counts_from`, an instant that nobody was told: whoever sees a number
    move must not know by that who was at the shelf.
    """

    __tablename__ = "product_like"
    __table_args__ = (Index("ix_product_like_member", "member_id", "liked_at"),)

    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    liked_at: Mapped[datetime]
    counts_from: Mapped[datetime]


class ProductLikeCount(Base):
    """How many like a style or a look with it, as it may be told; few have no row."""

    __tablename__ = "product_like_count"

    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), index=True)
    likes: Mapped[int]
    counted_at: Mapped[datetime]
