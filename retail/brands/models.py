"""Tables of brands, their stores and the tills in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Brand(Base):
    """A tenant: nothing of one brand is ever seen by another."""

    __tablename__ = "brand"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64))
    locale: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    words: Mapped[str] = mapped_column(String(20), default="", server_default="")
    coat: Mapped[str] = mapped_column(String(20), default="", server_default="")
    consent_epoch: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Store(Base):
    """A shop with its own zone, currency and language."""

    __tablename__ = "store"
    __table_args__ = (UniqueConstraint("brand_id", "slug"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"))
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class Till(Base):
    """A till of a store, under the number that its receipts carry."""

    __tablename__ = "till"
    __table_args__ = (UniqueConstraint("store_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"), index=True)
    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"))
    number: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
