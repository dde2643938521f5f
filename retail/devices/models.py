"""Tables of zones, of devices that stand there, and of codes that let new ones in."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id


class FloorZone(Base):
    """A part of a store's floor that has a name, such as a fitting room."""

    __tablename__ = "floor_zone"
    __table_args__ = (UniqueConstraint("store_id", "name"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    name: Mapped[str] = mapped_column(String(40))


class Device(Base):
    """A screen, reader, kiosk or tablet in a zone; only a keyed hash of its token is stored.

    `next_hash` is that of the token that replaces it once it is used. `antennas` names the zone of
    each port of a reader whose antennas are in several.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("role IN ('screen', 'reader', 'kiosk', 'tablet')", name="role"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"), index=True)
    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"))
    role: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    antennas: Mapped[dict[str, Any]] = mapped_column(default=dict)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_since: Mapped[datetime | None]
    next_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class DeviceCode(Base):
    """A device that waits to be let in: what it holds and what it shows, as keyed hashes."""

    __tablename__ = "device_code"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    held_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shown_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(8))
    device_id: Mapped[str | None] = mapped_column(Id, ForeignKey("device.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
