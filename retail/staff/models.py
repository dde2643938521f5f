"""Tables of API keys, staff accounts and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class ApiKey(Base):
    """A key of a till or an integrator; only a keyed hash of its secret is stored."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), index=True)
    store_id: Mapped[str | None] = mapped_column(Id, ForeignKey("store.id"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))
    secret_hash: Mapped[str] = mapped_column(String(64))
    hash_key: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class StaffAccount(Base):
    """Somebody who works for a brand, in one of its stores or, without one, in all of them."""

    __tablename__ = "staff_account"
    __table_args__ = (UniqueConstraint("brand_id", "email"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str | None] = mapped_column(Id, ForeignKey("store.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(12))
    pin_hash: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(Base):
    """A tablet or desk where somebody signed in; the token is known only to it.

    Untouched until `locks_at` it asks for the PIN; at `ends_at` it is over.
    """

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff_account.id"), index=True)
    device: Mapped[str] = mapped_column(String(60))
    wrong_pins: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    locks_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
