"""The voucher: one row for one entitlement, its code only as a keyed hash."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class Voucher(Base):
    """Issued, then reserved and redeemed, or void, or expired; never back."""

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint(
            "state IN ('issued', 'reserved', 'redeemed', 'void', 'expired')", name="state"
        ),
        CheckConstraint(
            "kind = 'amount' AND value > 0 AND currency IS NOT NULL"
            " OR kind = 'percent' AND value BETWEEN 1 AND 100 AND currency IS NULL",
            name="worth",
        ),
        CheckConstraint("valid_from < valid_until", name="validity"),
        Index("ix_voucher_owner", "programme_id", "owner_id", "valid_until"),
        Index("ix_voucher_expiry", "state", "valid_until"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    owner_id: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[int]
    currency: Mapped[str | None] = mapped_column(String(3))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(10), default="issued")
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    issued_at: Mapped[datetime]
