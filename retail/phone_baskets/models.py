"""Tables of baskets on phones."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class PhoneBasket(Base):
    """The one basket of a member, and the store in which they fill it."""

    __tablename__ = "phone_basket"

    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    changed_at: Mapped[datetime] = mapped_column(index=True)


class PhoneBasketLine(Base):
    """So many pieces of one colour and size."""

    __tablename__ = "phone_basket_line"
    __table_args__ = (CheckConstraint("pieces BETWEEN 1 AND 99", name="pieces"),)

    member_id: Mapped[str] = mapped_column(
        Id, ForeignKey("phone_basket.member_id"), primary_key=True
    )
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"), primary_key=True)
    pieces: Mapped[int]
    added_at: Mapped[datetime]
