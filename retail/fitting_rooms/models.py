"""Tables of fitting rooms: seconds in which tags were read, who is in, and what was asked for.

A tag stands in them as a keyed hash, which does not tell its EPC. Nobody's id stands beside tags:
that a member linked their phone to a room is a row by itself, gone when the room is wiped.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model import Base, Id

_OPEN = text("ended_at IS NULL")
_OPEN_CALL = text("ended_at IS NULL AND variant_id IS NULL")


class TagSighting(Base):
    """A second in which a zone read a tag; dropped minutes later.

    Several are written with each batch. What they name was looked at in the same transaction, and
    nothing of it is ever deleted, so no foreign key looks again.
    """

    __tablename__ = "tag_sighting"

    store_id: Mapped[str] = mapped_column(Id, primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    second: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    zone_id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id)
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
    """Somebody uses a fitting room; who is not known. At `wipes_at` its screen is cleared.

    Its screen speaks `language`, an empty one being the usual. `link_hash` is the keyed hash of
    the one code that links a phone until `link_until`; `link_used_at` says that it did.
    """

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
    language: Mapped[str] = mapped_column(String(8), server_default="")
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_until: Mapped[datetime | None]
    link_used_at: Mapped[datetime | None]


class RoomLink(Base):
    """A member's phone is linked to whoever uses a room; one phone, one room, until it is wiped.

    `id` is random, and the topic of what happens in that room meanwhile.
    """

    __tablename__ = "room_link"

    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("room_session.id"))
    member_id: Mapped[str] = mapped_column(Id, ForeignKey("member.id"), unique=True)
    linked_at: Mapped[datetime]


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
    """What a room asked for: a piece, once at a time, or without one that somebody comes.

    Nobody had taken it on by `late_at`. `ended_how` says who called it off: `room`, `staff`, its
    time (`lapsed`) or the end of the session (`wiped`). One that `wants` an `order` has a piece
    of which none is free here, so nothing is held: somebody comes and sees how to get it.
    """

    __tablename__ = "room_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('asked', 'accepted', 'on_way', 'at_door', 'done', 'cancelled')",
            name="state",
        ),
        Index(
            "uq_room_request_open",
            *("session_id", "variant_id"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_room_request_open_call",
            "session_id",
            unique=True,
            sqlite_where=_OPEN_CALL,
            postgresql_where=_OPEN_CALL,
        ),
        Index("ix_room_request_session", "session_id", "asked_at"),
        Index("ix_room_request_store_open", "store_id", "ended_at"),
        Index("ix_room_request_store_asked", "store_id", "asked_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    brand_id: Mapped[str] = mapped_column(Id, ForeignKey("brand.id"))
    store_id: Mapped[str] = mapped_column(Id, ForeignKey("store.id"))
    zone_id: Mapped[str] = mapped_column(Id, ForeignKey("floor_zone.id"))
    session_id: Mapped[str] = mapped_column(Id, ForeignKey("room_session.id"))
    variant_id: Mapped[str | None] = mapped_column(Id, ForeignKey("variant.id"))
    state: Mapped[str] = mapped_column(String(9))
    asked_at: Mapped[datetime]
    staff_id: Mapped[str | None] = mapped_column(Id, ForeignKey("staff_account.id"))
    staff_name: Mapped[str] = mapped_column(String(60), default="")
    late_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    on_way_at: Mapped[datetime | None]
    at_door_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[str] = mapped_column(String(8), server_default="")
    wants: Mapped[str] = mapped_column(String(8), server_default="")
