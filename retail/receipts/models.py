"""Tables of receipts, their lines, their returns, and imports of historic ones."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from core.model import Base, Id


class Thousandths(TypeDecorator[Decimal]):
    """A quantity with up to three decimals, kept as a whole number so that it stays exact."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.scaleb(3))

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-3)


class Receipt(Base):
    """A sale. Its token and typed code are derived from the id; only keyed hashes are kept.

    `is_member_known`: the till said whose it is, so that the slip may speak to the member.
    `claim_ends_at` is empty for historic receipts: nobody holds paper to scan.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("store_id", "till", "number"),
        Index(None, "member_id", "sold_at"),
        Index(None, "brand_id", "sold_at"),
        Index(None, "store_id", "number"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    till: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(40))
    sold_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[str | None] = mapped_column(Id, ForeignKey("member.id"))
    claimed_at: Mapped[datetime | None]
    is_member_known: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    code_expires_at: Mapped[datetime | None]
    claim_ends_at: Mapped[datetime | None]


class LineItem(Base):
    """A line of a receipt, as the till sent it. `variant_id` is empty for goods not known then."""

    __tablename__ = "line_item"
    __table_args__ = (UniqueConstraint("receipt_id", "position"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    receipt_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt.id"))
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    position: Mapped[int]
    gtin: Mapped[str | None] = mapped_column(String(14))
    sku: Mapped[str | None] = mapped_column(String(60))
    variant_id: Mapped[str | None] = mapped_column(Id, ForeignKey("variant.id"), index=True)
    description: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    is_gift: Mapped[bool] = mapped_column(default=False)


class ReceiptReturn(Base):
    """Goods brought back, under the number of the till's refund."""

    __tablename__ = "receipt_return"
    __table_args__ = (UniqueConstraint("receipt_id", "number"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    receipt_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt.id"))
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    number: Mapped[str] = mapped_column(String(40))
    returned_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    fingerprint: Mapped[str] = mapped_column(String(64))
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class ReturnLine(Base):
    """How much of a line came back, and what was paid back for it."""

    __tablename__ = "return_line"

    return_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt_return.id"), primary_key=True)
    line_item_id: Mapped[str] = mapped_column(
        Id, ForeignKey("line_item.id"), primary_key=True, index=True
    )
    quantity: Mapped[Decimal] = mapped_column(Thousandths)
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class ReceiptImport(Base):
    """A file of historic receipts on its way in; the same file is only ever one import."""

    __tablename__ = "receipt_import"
    __table_args__ = (UniqueConstraint("brand_id", "file_fingerprint"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    file_fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    rows_total: Mapped[int]
    rows_done: Mapped[int] = mapped_column(default=0)
    receipts_new: Mapped[int] = mapped_column(default=0)
    receipts_known: Mapped[int] = mapped_column(default=0)
    problems_total: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[Any]] = mapped_column(default=list)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ReceiptImportChunk(Base):
    """A piece of such a file that one job takes in; deleted when it is in."""

    __tablename__ = "receipt_import_chunk"

    import_id: Mapped[str] = mapped_column(Id, ForeignKey("receipt_import.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    rows: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
