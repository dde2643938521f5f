"""Tables of the catalogue, of the stock on hand, and of what of it is held for somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from retail.catalogue.editions import execute_triggers


class Category(Base):
    """A kind of goods. What is never shareable stays out of outfits, shared or not."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("brand_id", "code"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    is_never_shareable: Mapped[bool] = mapped_column(default=False)


class CatalogueEdition(Base):
    """Which edition of a brand's goods there is: the database gives another number with each
    change; see `editions`."""

    __tablename__ = "catalogue_edition"

    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Style(Base):
    """A product, in all its colours and sizes."""

    __tablename__ = "style"
    __table_args__ = (
        UniqueConstraint("brand_id", "code"),
        ForeignKeyConstraint(["brand_id", "category_code"], ["category.brand_id", "category.code"]),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    category_code: Mapped[str] = mapped_column(String(60))
    story: Mapped[str] = mapped_column(Text, default="")
    designer: Mapped[str] = mapped_column(String(120), default="")
    origin: Mapped[str] = mapped_column(String(120), default="")
    press: Mapped[list[Any]] = mapped_column(default=list)
    worn_by: Mapped[list[str]] = mapped_column(default=list)
    drawing: Mapped[str | None] = mapped_column(String(40))
    picture: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Variant(Base):
    """What a till sells: one colour and size of a style, under a SKU and often a GTIN-14."""

    __tablename__ = "variant"
    __table_args__ = (
        UniqueConstraint("brand_id", "sku"),
        UniqueConstraint("brand_id", "gtin"),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        # Which styles come in one size is read of it alone.
        Index("ix_variant_sizes", "brand_id", "style_id", "size"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"))
    style_id: Mapped[str] = mapped_column(ForeignKey("style.id"), index=True)
    sku: Mapped[str] = mapped_column(String(60))
    gtin: Mapped[str | None] = mapped_column(String(14))
    colour_name: Mapped[str] = mapped_column(String(60), default="")
    colours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    size: Mapped[str] = mapped_column(String(20), default="")
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))


for _of_goods in (Category, Style, Variant):
    event.listen(_of_goods.__table__, "after_create", execute_triggers)


class Stock(Base):
    """How many of a variant a store has, and when somebody or something last counted."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),)

    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    variant_id: Mapped[str] = mapped_column(ForeignKey("variant.id"), primary_key=True, index=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"), index=True)
    on_hand: Mapped[int]
    counted_at: Mapped[datetime]


class StockPlace(Base):
    """Where in a store a variant lies, in the words of those who work there."""

    __tablename__ = "stock_place"

    store_id: Mapped[str] = mapped_column(ForeignKey("store.id"), primary_key=True)
    variant_id: Mapped[str] = mapped_column(ForeignKey("variant.id"), primary_key=True, index=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brand.id"), index=True)
    place: Mapped[str] = mapped_column(String(60))


_LIVE = text("state = 'live'")


class Hold(Base):
    """One piece of a variant kept back in a store for somebody, in [began_at, ends_at).

    The holder is opaque here: a kind and an id. `source` says what the hold follows from; it
    brings one hold, once.
    """

    __tablename__ = "hold"
    __table_args__ = (
        UniqueConstraint("holder_id", "source"),
        ForeignKeyConstraint(["store_id", "variant_id"], ["stock.store_id", "stock.variant_id"]),
        CheckConstraint(
            "state IN ('live', 'released', 'collected', 'lapsed', 'voided', 'gone')",
            name="state",
        ),
        CheckConstraint("(state = 'live') = (ended_at IS NULL)", name="ended"),
        Index(
            "ix_hold_live",
            *("store_id", "variant_id"),
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id)
    variant_id: Mapped[str] = mapped_column(Id)
    holder_kind: Mapped[str] = mapped_column(String(12))
    holder_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(9), default="live")
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
