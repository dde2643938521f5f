"""Vouchers, their terms, and what became of each use. Codes are kept only as keyed hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id
from loyalty.immutable import execute_guard, execute_one_way

Minor = BigInteger()
_HELD = text("state = 'reserved'")
_OWN_HOLD = text("gives_way AND state = 'reserved'")


class VoucherTerms(Base):
    """What vouchers of one kind give; written once, since what was promised does not change."""

    __tablename__ = "voucher_terms"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint(
            "value > 0 AND (kind = 'amount' AND currency IS NOT NULL"
            " OR kind = 'percent' AND value <= 100 OR kind IN ('item', 'gift') AND value = 1)",
            name="worth",
        ),
        CheckConstraint("stacking IN ('exclusive', 'stackable')", name="stacking"),
        CheckConstraint("uses > 0 AND uses_per_owner > 0", name="uses"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str | None] = mapped_column(String(3))
    title: Mapped[str] = mapped_column(String(120))
    scope: Mapped[dict[str, Any]]
    minimum_minor: Mapped[int] = mapped_column(Minor)
    most_minor: Mapped[int | None] = mapped_column(Minor)
    uses: Mapped[int | None]
    uses_per_owner: Mapped[int | None]
    is_bound: Mapped[bool]
    stacking: Mapped[str] = mapped_column(String(10))
    priority: Mapped[int]
    campaign_id: Mapped[str | None] = mapped_column(String(64))
    agreed_at: Mapped[datetime]


class VoucherBatch(Base):
    """Many vouchers of the same terms, made piece by piece; `made` of them exist."""

    __tablename__ = "voucher_batch"
    __table_args__ = (UniqueConstraint("programme_id", "source"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(120))
    terms_id: Mapped[str] = mapped_column(ForeignKey("voucher_terms.id"))
    size: Mapped[int]
    made: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    created_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(200))


class Voucher(Base):
    """Issued, and void or expired in the end, never back; `uses_left` of its terms' uses are free.

    Whether it is reserved or redeemed, its uses say. Without a limit nothing is counted.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint("state IN ('issued', 'void', 'expired')", name="state"),
        CheckConstraint("uses_left >= 0", name="uses_left"),
        CheckConstraint("valid_from < valid_until", name="validity"),
        Index("ix_voucher_owner", "programme_id", "owner_id", "valid_until"),
        Index("ix_voucher_expiry", "state", "valid_until"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    terms_id: Mapped[str] = mapped_column(ForeignKey("voucher_terms.id"), index=True)
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("voucher_batch.id"), index=True)
    owner_id: Mapped[str | None] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(120))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(10), default="issued")
    uses_left: Mapped[int | None]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    issued_at: Mapped[datetime]


class VoucherBudget(Base):
    """What a campaign may give away, and gave; without a limit it is only counted."""

    __tablename__ = "voucher_budget"
    __table_args__ = (CheckConstraint("spent_minor >= 0", name="spent"),)

    programme_id: Mapped[str] = mapped_column(Id, primary_key=True)
    campaign_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    limit_minor: Mapped[int | None] = mapped_column(Minor)
    spent_minor: Mapped[int] = mapped_column(Minor, default=0)


class Redemption(Base):
    """One basket to which vouchers were put: reserved, then redeemed, released or lapsed.

    One that `gives_way` is held by its owner away from any till, one at a time, and is never
    redeemed itself. `labels` are those of the basket as a whole; older rows know none.
    """

    __tablename__ = "voucher_redemption"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        CheckConstraint("state IN ('reserved', 'redeemed', 'released', 'lapsed')", name="state"),
        CheckConstraint("discount_minor >= 0 AND discount_minor <= total_minor", name="discount"),
        Index("ix_voucher_redemption_owner", "programme_id", "owner_id"),
        Index(
            "ix_voucher_redemption_held",
            "programme_id",
            "reserved_until",
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        ),
        Index(
            "uq_voucher_redemption_own_hold",
            "programme_id",
            "owner_id",
            unique=True,
            sqlite_where=_OWN_HOLD,
            postgresql_where=_OWN_HOLD,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    programme_id: Mapped[str] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(160))
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    lines: Mapped[list[Any]]
    refused: Mapped[list[Any]]
    total_minor: Mapped[int] = mapped_column(Minor)
    discount_minor: Mapped[int] = mapped_column(Minor)
    sold_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    reserved_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    gives_way: Mapped[bool] = mapped_column(default=False, server_default=false())
    labels: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class VoucherUse(Base):
    """One use of one voucher in a redemption; `returned_at` says that the voucher has it back."""

    __tablename__ = "voucher_use"
    __table_args__ = (
        UniqueConstraint("redemption_id", "voucher_id"),
        Index("ix_voucher_use_owner", "terms_id", "owner_id"),
        CheckConstraint("discount_minor >= 0", name="discount"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    redemption_id: Mapped[str] = mapped_column(ForeignKey("voucher_redemption.id"))
    voucher_id: Mapped[str] = mapped_column(ForeignKey("voucher.id"), index=True)
    terms_id: Mapped[str] = mapped_column(ForeignKey("voucher_terms.id"))
    owner_id: Mapped[str | None] = mapped_column(String(64))
    discount_minor: Mapped[int] = mapped_column(Minor)
    lines: Mapped[dict[str, Any]]
    returned_at: Mapped[datetime | None]


class Rollback(Base):
    """Goods of a redemption that came back, and what was given back of their discounts."""

    __tablename__ = "voucher_rollback"
    __table_args__ = (UniqueConstraint("redemption_id", "source"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    redemption_id: Mapped[str] = mapped_column(ForeignKey("voucher_redemption.id"))
    source: Mapped[str] = mapped_column(String(160))
    fingerprint: Mapped[str] = mapped_column(String(64))
    lines: Mapped[list[Any]]
    discount_minor: Mapped[int] = mapped_column(Minor)
    paid_minor: Mapped[int] = mapped_column(Minor)
    rolled_back_at: Mapped[datetime]


event.listen(Voucher.__table__, "after_create", execute_one_way)
event.listen(VoucherTerms.__table__, "after_create", execute_guard)
event.listen(Rollback.__table__, "after_create", execute_guard)
