"""Tables of what was asked, and of what stays out of every answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class SameOutfitQuestion(Base):
    """That a member asked about a piece, once for each day in UTC, and who was the answer then.

    `friend_id` is empty where nobody could be named. It never changes, whoever befriends whom
    later that day; what is shown of it is looked up again each time.
    """

    __tablename__ = "same_outfit_question"
    __table_args__ = (
        CheckConstraint("place IN ('shelf', 'till')", name="place"),
        Index("ix_same_outfit_question_asked_on", "asked_on"),
    )

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    asked_on: Mapped[date] = mapped_column(primary_key=True)
    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    colour_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"))
    place: Mapped[str] = mapped_column(String(5))
    friend_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"), index=True)
    asked_at: Mapped[datetime]


class QuietPiece(Base):
    """A piece of a member's own that no friend is told of, whatever else they agreed to."""

    __tablename__ = "quiet_piece"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    style_id: Mapped[str] = mapped_column(Id, ForeignKey("style.id"), primary_key=True)
    colour_name: Mapped[str] = mapped_column(String(60), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    since: Mapped[datetime]
