"""Reads of rooms, of what is in them, and of what they asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from core.glance import Glance, within
from core.keys import keyed_hashes
from retail.fitting_rooms.models import RoomGarment, RoomRequest, RoomSession, SoldTag
from retail.fitting_rooms.rules import (
    ORDER,
    RoomState,
    Spot,
    State,
    Timeline,
    request_not_found,
)

TAG_PURPOSE = "rfid-tag"


@dataclass(frozen=True)
class RequestView:
    """What a room asked for; `staff_name` is the first name of whoever accepted it.

    Without a variant it asks that somebody comes; with `wants` as `order`, about a piece of which
    none is here.
    """

    id: str
    store_id: str
    zone_id: str
    session_id: str
    variant_id: str | None
    state: State
    asked_at: datetime
    staff_id: str | None
    staff_name: str
    late_at: datetime | None
    accepted_at: datetime | None
    on_way_at: datetime | None
    at_door_at: datetime | None
    ended_at: datetime | None
    ended_how: str
    wants: str = ""

    @property
    def is_brought(self) -> bool:
        """Whether a piece is to be brought, and not only somebody to come."""
        return self.variant_id is not None and self.wants != ORDER

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for it."""
        return self.ended_at is None


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
    RoomSession.language,
    RoomSession.link_until,
    RoomSession.link_used_at,
)
_REQUESTS: Select[*tuple[Any, ...]] = select(
    *(getattr(RoomRequest, name) for name in RequestView.__dataclass_fields__)
)
# Who uses which zone now; for other rooms to build on.
OPEN = _ROOMS.where(RoomSession.ended_at.is_(None))
_IN_ZONE = Glance(OPEN.where(RoomSession.zone_id == bindparam("zone_id")))
# What is in rooms, and what their sessions asked for and did not take back; likewise.
GARMENTS: Select[*tuple[Any, ...]] = select(
    RoomGarment.session_id, RoomGarment.variant_id, RoomGarment.entered_at, RoomGarment.tag
)
ASKED = _REQUESTS.where(RoomRequest.ended_how != "room")
_TIMELINES: Select[*tuple[Any, ...]] = select(
    RoomRequest.store_id,
    RoomRequest.asked_at,
    RoomRequest.late_at,
    RoomRequest.accepted_at,
    RoomRequest.at_door_at,
    RoomRequest.ended_at,
    RoomRequest.state,
    or_(RoomRequest.variant_id.is_(None), RoomRequest.wants == ORDER),
)


def find_room(session: Session, zone_id: str) -> RoomState | None:
    """Who uses a zone now, if anybody does."""
    rows = within(session)(_IN_ZONE, zone_id=zone_id)
    return room_state(rows[0]) if rows else None


def room_state(row: Sequence[Any]) -> RoomState:
    """What a row of `OPEN` says."""
    return RoomState(row[0], Spot(*row[1:4]), *row[4:])


def find_session(session: Session, session_id: str) -> RoomState | None:
    """A session of a room, over or not."""
    row = session.execute(_ROOMS.where(RoomSession.id == session_id)).one_or_none()
    return None if row is None else room_state(row)


def variants_in(session: Session, session_id: str) -> list[str | None]:
    """What is in a room, in the order in which it came; None for what we don't know."""
    rows = session.scalars(
        select(RoomGarment.variant_id)
        .where(RoomGarment.session_id == session_id)
        .order_by(RoomGarment.entered_at, RoomGarment.tag)
    )
    return list(rows)


def sold_among(session: Session, brand_id: str, uris: Collection[str], *, key: bytes) -> set[str]:
    """Which of these pieces left a shop of the brand, with their tags; at most 10,000."""
    by_hash = {one: uri for uri in uris for one in keyed_hashes(key, TAG_PURPOSE, uri)}
    sold = select(SoldTag.tag).where(SoldTag.brand_id == brand_id, SoldTag.tag.in_(list(by_hash)))
    return {by_hash[tag] for tag in session.scalars(sold)}


def requests_of(session: Session, session_id: str) -> list[RequestView]:
    """What a room asked for, the first first; what it took back itself is left out."""
    return _all(
        session,
        ASKED.where(RoomRequest.session_id == session_id).order_by(
            RoomRequest.asked_at, RoomRequest.id
        ),
    )


def requests_in(session: Session, store_ids: Collection[str]) -> list[RequestView]:
    """What waits in some stores: what is late and nobody has, then the oldest first."""
    waiting = _REQUESTS.where(
        RoomRequest.store_id.in_(list(store_ids)), RoomRequest.ended_at.is_(None)
    )
    found = _all(session, waiting.order_by(RoomRequest.asked_at, RoomRequest.id))
    return sorted(found, key=lambda one: not (one.late_at and one.state == "asked"))


def count_late(session: Session, store_ids: Collection[str]) -> int:
    """How many requests of these stores nobody took on in time, and nobody has by now."""
    late = select(func.count()).where(
        RoomRequest.store_id.in_(list(store_ids)),
        RoomRequest.ended_at.is_(None),
        RoomRequest.state == "asked",
        RoomRequest.late_at.is_not(None),
    )
    return session.scalar(late) or 0


def timelines(
    session: Session, store_ids: Collection[str], *, since: datetime, until: datetime
) -> list[Timeline]:
    """How far each request asked in [since, until) came, and when; about nobody."""
    asked = _TIMELINES.where(
        RoomRequest.store_id.in_(list(store_ids)),
        RoomRequest.asked_at >= since,
        RoomRequest.asked_at < until,
    )
    rows = session.execute(asked.order_by(RoomRequest.asked_at, RoomRequest.id))
    return [Timeline(*row) for row in rows]


def get_request(session: Session, request_id: str, *, store_ids: Collection[str]) -> RequestView:
    """A request of these stores. Raises NotFound."""
    mine = _REQUESTS.where(RoomRequest.id == request_id, RoomRequest.store_id.in_(list(store_ids)))
    found = _all(session, mine)
    if not found:
        raise request_not_found()
    return found[0]


def find_request(session: Session, request_id: str) -> RequestView | None:
    """A request of any store, or None."""
    return next(iter(_all(session, _REQUESTS.where(RoomRequest.id == request_id))), None)


def _all(session: Session, statement: Select[*tuple[Any, ...]]) -> list[RequestView]:
    return [RequestView(*row) for row in session.execute(statement)]
