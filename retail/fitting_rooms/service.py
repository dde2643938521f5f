"""Writes of rooms: tags come and go, screens are touched, sessions end and are wiped."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from core.ids import keyed_hash
from core.keys import keyed_hashes
from core.sql import close_gate, insert_ignore
from retail.fitting_rooms import queries
from retail.fitting_rooms.arrivals import come_in, mind_at
from retail.fitting_rooms.endings import end
from retail.fitting_rooms.models import RoomGarment, RoomSession, SoldTag, TagSighting
from retail.fitting_rooms.queries import TAG_PURPOSE
from retail.fitting_rooms.rules import KEPT_FOR, WARNS_FOR, RoomState, Spot, room_closed
from retail.fitting_rooms.telling import tell


def tag_of(uri: str, *, key: bytes) -> str:
    """What a tag is called here: its EPC is not kept."""
    return keyed_hash(key, TAG_PURPOSE, uri)


def names_of(uri: str, *, key: bytes) -> list[str]:
    """Every name that a tag may have here, that of today first."""
    return keyed_hashes(key, TAG_PURPOSE, uri)


def enter_floor(session: Session, store_id: str) -> None:
    """Let one batch of reads of a store in at a time, until the transaction ends."""
    digest = hashlib.sha256(f"floor:{store_id}".encode()).digest()
    close_gate(session, int.from_bytes(digest[:8], "big", signed=True))


def tell_of(session: Session, store_id: str, zone_ids: Collection[str]) -> None:
    """Say once of each of these zones of a store that something in it changed."""
    for zone_id in sorted(zone_ids):
        tell(session, zone_id, store_id)


def begin(session: Session, spot: Spot, *, now: datetime) -> RoomState:
    """Who uses a room, begun where nobody did: somebody touched its screen with nothing in it."""
    found = queries.find_room(session, spot.zone_id)
    if found is not None and not found.is_over(now):
        return found
    come_in(session, spot, (), now=now)
    tell(session, spot.zone_id, spot.store_id)
    begun = queries.find_room(session, spot.zone_id)
    if begun is None:
        raise room_closed()
    return begun


def speak(session: Session, room: RoomState, language: str, *, now: datetime) -> None:
    """Have a room's screen speak a language until it is wiped; an empty one is the usual."""
    _touch(session, room, now, language=language)


def show(session: Session, room: RoomState, variant_id: str, *, now: datetime) -> None:
    """Show another piece, size or colour on the room's screens."""
    _touch(session, room, now, shown_variant_id=variant_id)


def stay(session: Session, room: RoomState, *, now: datetime) -> None:
    """Somebody is still there: nothing is cleared for a while."""
    _touch(session, room, now)


def mind(session: Session, session_id: str, *, quiet: timedelta, now: datetime) -> None:
    """Do for a room what is due: tags leave that were not heard of, it warns, it is wiped."""
    room = queries.find_session(session, session_id)
    if room is None or room.ended_at is not None:
        return
    enter_floor(session, room.spot.store_id)
    _let_leave(session, room, now - quiet, now)
    room = queries.find_session(session, session_id)
    assert room is not None
    if room.is_over(now):
        end(session, room, now=now)
        return
    if room.wipes_at is None and room.warns_at <= now:
        session.execute(
            update(RoomSession)
            .where(
                RoomSession.id == room.id,
                RoomSession.wipes_at.is_(None),
                RoomSession.touched_at == room.touched_at,
            )
            .values(wipes_at=now + WARNS_FOR)
        )
        tell(session, room.spot.zone_id, room.spot.store_id)
        mind_at(session, room.id, now + WARNS_FOR)
        return
    heard = session.scalar(
        select(func.min(RoomGarment.last_seen_at)).where(RoomGarment.session_id == room.id)
    )
    due = [room.wipes_at or room.warns_at, *([heard + quiet] if heard else [])]
    mind_at(session, room.id, max(min(due), now + timedelta(seconds=1)))


def mark_sold(
    session: Session, brand_id: str, uris: Sequence[str], *, now: datetime, key: bytes
) -> None:
    """Look at these tags no more: their goods were sold."""
    for uri in sorted(set(uris)):
        tag = tag_of(uri, key=key)
        insert_ignore(session, SoldTag, brand_id=brand_id, tag=tag, sold_at=now)


def mark_back(session: Session, brand_id: str, uris: Sequence[str], *, key: bytes) -> None:
    """Look at these tags again: their goods came back."""
    for uri in sorted(set(uris)):
        hashes = keyed_hashes(key, TAG_PURPOSE, uri)
        session.execute(
            delete(SoldTag).where(SoldTag.brand_id == brand_id, SoldTag.tag.in_(hashes))
        )


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop reads that were kept long enough, and tags of wiped rooms that left unheard."""
    session.execute(delete(TagSighting).where(TagSighting.second <= now - KEPT_FOR))
    over = select(RoomSession.id).where(RoomSession.ended_at.is_not(None))
    session.execute(
        delete(RoomGarment)
        .where(RoomGarment.session_id.in_(over), RoomGarment.last_seen_at <= now - KEPT_FOR)
        .execution_options(synchronize_session=False)
    )


def has_old(session: Session, now: datetime) -> bool:
    """Whether there are reads to drop."""
    old = select(TagSighting.tag).where(TagSighting.second <= now - KEPT_FOR)
    return session.scalar(old.limit(1)) is not None


def _let_leave(session: Session, room: RoomState, heard_after: datetime, now: datetime) -> None:
    left = session.scalars(
        delete(RoomGarment)
        .where(RoomGarment.session_id == room.id, RoomGarment.last_seen_at <= heard_after)
        .returning(RoomGarment.tag)
    ).all()
    if left:
        tell(session, room.spot.zone_id, room.spot.store_id)
    if not queries.variants_in(session, room.id):
        session.execute(
            update(RoomSession)
            .where(RoomSession.id == room.id, RoomSession.emptied_at.is_(None))
            .values(emptied_at=now)
        )


def _touch(session: Session, room: RoomState, now: datetime, **values: Any) -> None:
    _mark_touched(session, room, now, **values)
    tell(session, room.spot.zone_id, room.spot.store_id)


def _mark_touched(session: Session, room: RoomState, now: datetime, **values: Any) -> None:
    # Tags that left may be in a bag; who touches the screen is there all the same.
    emptied = {"emptied_at": case((RoomSession.emptied_at.is_not(None), now), else_=None)}
    touched = session.scalar(
        update(RoomSession)
        .where(RoomSession.id == room.id, RoomSession.ended_at.is_(None))
        .values(touched_at=now, wipes_at=None, **emptied | values)
        .returning(RoomSession.id)
        .execution_options(synchronize_session=False)
    )
    if touched is None:
        raise room_closed()
    if room.wipes_at is not None or room.emptied_at is not None:
        # What was due is not any more; look again by the time when it is.
        mind_at(session, room.id, now + timedelta(seconds=1))
