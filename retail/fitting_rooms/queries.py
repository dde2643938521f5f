"""Reads of rooms, of what is in them, and of what they asked for."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.keys import keyed_hashes
from retail.fitting_rooms.models import RoomGarment, RoomRequest, RoomSession, SoldTag, TagSighting
from retail.fitting_rooms.presence import Sighting
from retail.fitting_rooms.rules import RoomState, Spot, State, request_not_found

TAG_PURPOSE = "rfid-tag"


@dataclass(frozen=True)
class RequestView:
    """A piece asked for from a room; `staff_name` is the first name of whoever accepted it."""

    id: str
    store_id: str
    zone_id: str
    session_id: str
    variant_id: str
    state: State
    asked_at: datetime
    staff_id: str | None
    staff_name: str
    accepted_at: datetime | None
    at_door_at: datetime | None
    ended_at: datetime | None


_ROOMS: Select[*tuple[Any, ...]] = select(
    RoomSession.id,
    RoomSession.brand_id,
    RoomSession.store_id,
    RoomSession.zone_id,
    RoomSession.shown_variant_id,
    RoomSession.began_at,
    RoomSession.touched_at,
    RoomSession.emptied_at,
    RoomSession.wipes_at,
    RoomSession.ended_at,
)
_REQUESTS: Select[*tuple[Any, ...]] = select(
    *(getattr(RoomRequest, name) for name in RequestView.__dataclass_fields__)
)


def find_room(session: Session, zone_id: str) -> RoomState | None:
    """Who uses a zone now, if anybody does."""
    return _room(session, RoomSession.zone_id == zone_id, RoomSession.ended_at.is_(None))


def find_session(session: Session, session_id: str) -> RoomState | None:
    """A session of a room, over or not."""
    return _room(session, RoomSession.id == session_id)


def variants_in(session: Session, session_id: str) -> list[str | None]:
    """What is in a room, in the order in which it came; None for what we don't know."""
    rows = session.scalars(
        select(RoomGarment.variant_id)
        .where(RoomGarment.session_id == session_id)
        .order_by(RoomGarment.entered_at, RoomGarment.tag)
    )
    return list(rows)


def sightings_of(
    session: Session, store_id: str, tags: Collection[str], *, since: datetime
) -> dict[str, list[Sighting]]:
    """The seconds in which a store read these tags, by tag."""
    found: dict[str, list[Sighting]] = defaultdict(list)
    rows = session.execute(
        select(
            TagSighting.tag,
            TagSighting.zone_id,
            TagSighting.first_at,
            TagSighting.last_at,
            TagSighting.signal,
        ).where(
            TagSighting.store_id == store_id,
            TagSighting.tag.in_(list(tags)),
            TagSighting.second > since,
        )
    )
    for tag, zone_id, first_at, last_at, signal in rows:
        found[tag].append(Sighting(zone_id, first_at, last_at, signal))
    return found


def is_sold(session: Session, brand_id: str, uri: str, *, key: bytes) -> bool:
    """Whether a tag left a shop of the brand with its goods."""
    hashes = keyed_hashes(key, TAG_PURPOSE, uri)
    sold = select(SoldTag.tag).where(SoldTag.brand_id == brand_id, SoldTag.tag.in_(hashes))
    return session.scalar(sold.limit(1)) is not None


def requests_of(session: Session, session_id: str) -> list[RequestView]:
    """What a room asked for, the first first; what it took back is left out."""
    return _all(
        session,
        _REQUESTS.where(
            RoomRequest.session_id == session_id, RoomRequest.state != "cancelled"
        ).order_by(RoomRequest.asked_at, RoomRequest.id),
    )


def requests_in(session: Session, store_ids: Collection[str]) -> list[RequestView]:
    """What waits in some stores, the oldest first."""
    waiting = _REQUESTS.where(
        RoomRequest.store_id.in_(list(store_ids)), RoomRequest.ended_at.is_(None)
    )
    return _all(session, waiting.order_by(RoomRequest.asked_at, RoomRequest.id))


def get_request(session: Session, request_id: str, *, store_ids: Collection[str]) -> RequestView:
    """A request of these stores. Raises NotFound."""
    mine = _REQUESTS.where(RoomRequest.id == request_id, RoomRequest.store_id.in_(list(store_ids)))
    found = _all(session, mine)
    if not found:
        raise request_not_found()
    return found[0]


def _all(session: Session, statement: Select[*tuple[Any, ...]]) -> list[RequestView]:
    return [RequestView(*row) for row in session.execute(statement)]


def _room(session: Session, *conditions: Any) -> RoomState | None:
    row = session.execute(_ROOMS.where(*conditions)).one_or_none()
    return None if row is None else RoomState(row[0], Spot(*row[1:4]), *row[4:])
