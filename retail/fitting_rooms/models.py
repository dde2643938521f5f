"""Tables of fitting rooms: seconds in which tags were read, who is in, and what was asked for.

A tag stands in them as a keyed hash, which tells neither its EPC nor, since nobody's name is
here, who carried it.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_OPEN = text("ended_at IS NULL")


class TagSighting(Base):
    """A second in which a zone read a tag; dropped minutes later."""

    __tablename__ = "tag_sighting"

    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    second: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    signal: Mapped[int]


class SoldTag(Base):
    """A tag that left the shop with its goods; what is read of it is not looked at."""

    __tablename__ = "sold_tag"

    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    sold_at: Mapped[datetime]


class RoomSession(Base):
    """Somebody uses a fitting room; who is not known. At `wipes_at` its screen is cleared."""

    __tablename__ = "room_session"
    __table_args__ = (
        Index(
            "uq_room_session_open",
            "zone_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"))
    shown_variant_id: Mapped[str | None] = mapped_column(Id, ForeignKey("variant.id"))
    began_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    emptied_at: Mapped[datetime | None]
    wipes_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class RoomGarment(Base):
    """A tag that is in a room. That of an ended session waits for its tag to leave."""

    __tablename__ = "room_garment"

    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("room_session.id"), index=True)
    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"))
    variant_id: Mapped[str | None] = mapped_column(Id, ForeignKey("variant.id"))
    entered_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)


class RoomRequest(Base):
    """A piece that a room asked for, and how far it came; a piece once at a time."""

    __tablename__ = "room_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('asked', 'accepted', 'at_door', 'done', 'cancelled')", name="state"
        ),
        Index(
            "uq_room_request_open",
            *("session_id", "variant_id"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_room_request_store_open", "store_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("room_session.id"))
    variant_id: Mapped[str] = mapped_column(Id, ForeignKey("variant.id"))
    state: Mapped[str] = mapped_column(String(9))
    asked_at: Mapped[datetime]
    staff_id: Mapped[str | None] = mapped_column(Id, ForeignKey("staff_account.id"))
    staff_name: Mapped[str] = mapped_column(String(60), default="")
    accepted_at: Mapped[datetime | None]
    at_door_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
