"""Tables of how members wish to be greeted, and of who is to be greeted just now."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class GreetingWish(Base):
    """What staff may call a member who checked in, and what else they may see of them."""

    __tablename__ = "greeting_wish"
    __table_args__ = (CheckConstraint("form IN ('first', 'full', 'title')", name="form"),)

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    form: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(20), default="")
    shows: Mapped[list[str]]


class Greeting(Base):
    """A member who may be greeted in a store until `ends_at`: nobody is in two stores at once."""

    __tablename__ = "greeting"
    __table_args__ = (
        CheckConstraint("way IN ('door', 'kiosk', 'app')", name="way"),
        Index("ix_greeting_store", "store_id", "ends_at"),
    )

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    # The check-in that it followed. Without a foreign key: whoever deletes that, ends this.
    visit_id: Mapped[str] = mapped_column(Id)
    way: Mapped[str] = mapped_column(String(5))
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    cleared_at: Mapped[datetime | None]
