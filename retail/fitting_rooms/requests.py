"""Writes of requests: asked from a room, accepted by one assistant, at the door, done or off.

Each step is one conditional update, so that two who are equally quick never both have it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit
from core.sql import insert_ignore
from retail.catalogue import holds
from retail.catalogue.held import Holder
from retail.catalogue.holds import Wanted
from retail.fitting_rooms import queries
from retail.fitting_rooms.events import RoomChanged
from retail.fitting_rooms.models import RoomRequest
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.rules import (
    MOST_REQUESTS,
    REQUEST_HELD_FOR,
    RoomState,
    State,
    request_moved_on,
)

ROOM = "room"


def holder_of(session_id: str) -> Holder:
    """A room's session as whoever holds something."""
    return Holder(ROOM, session_id)


def ask(session: Session, room: RoomState, variant_id: str, *, now: datetime) -> None:
    """Ask for a piece to be brought; asked again, it is the same request. Holds the piece.

    Raises Conflict where none is free here, or the room asked for as much as one can.
    """
    request_id, spot = new_id(), room.spot
    if not insert_ignore(
        session,
        RoomRequest,
        id=request_id,
        brand_id=spot.brand_id,
        store_id=spot.store_id,
        zone_id=spot.zone_id,
        session_id=room.id,
        variant_id=variant_id,
        state="asked",
        asked_at=now,
        staff_name="",
    ):
        return
    wanted = Wanted(
        spot.brand_id, spot.store_id, variant_id, _source(request_id), now + REQUEST_HELD_FOR
    )
    holds.hold(session, wanted, holder=holder_of(room.id), most=MOST_REQUESTS, now=now)
    _tell(session, spot.zone_id, spot.store_id)


def accept(
    session: Session,
    request_id: str,
    *,
    staff_id: str,
    staff_name: str,
    store_ids: Collection[str],
    now: datetime,
) -> None:
    """Take a request on; the first to do so has it. Raises NotFound, or Conflict for the second."""
    values = {"staff_id": staff_id, "staff_name": staff_name.split()[0], "accepted_at": now}
    _move(session, request_id, ("asked",), "accepted", store_ids, values)


def at_door(
    session: Session, request_id: str, *, store_ids: Collection[str], now: datetime
) -> None:
    """It was brought to the room's door. Raises NotFound, or Conflict where nobody has it."""
    _move(session, request_id, ("accepted",), "at_door", store_ids, {"at_door_at": now})


def done(session: Session, request_id: str, *, store_ids: Collection[str], now: datetime) -> None:
    """It was handed over; the room's hold ends. Raises NotFound, or Conflict where it is over."""
    before: tuple[State, ...] = ("accepted", "at_door")
    one = _move(session, request_id, before, "done", store_ids, {"ended_at": now})
    holds.end_from(session, _source(one.id), "released", holder=holder_of(one.session_id), now=now)


def call_off(session: Session, room: RoomState, request_id: str, *, now: datetime) -> None:
    """The room wants it no more; once it is over nothing changes. Raises NotFound."""
    one = queries.get_request(session, request_id, store_ids=[room.spot.store_id])
    if one.session_id != room.id or one.ended_at is not None:
        return
    _call_off(session, one, now)


def call_off_all(session: Session, room: RoomState, *, now: datetime) -> None:
    """Call off whatever a room still waits for."""
    for one in queries.requests_of(session, room.id):
        if one.ended_at is None:
            _call_off(session, one, now)


def _call_off(session: Session, one: RequestView, now: datetime) -> None:
    before: tuple[State, ...] = ("asked", "accepted", "at_door")
    _move(session, one.id, before, "cancelled", [one.store_id], {"ended_at": now})
    holds.end_from(session, _source(one.id), "released", holder=holder_of(one.session_id), now=now)


def _move(
    session: Session,
    request_id: str,
    before: tuple[State, ...],
    to: State,
    store_ids: Collection[str],
    values: dict[str, Any],
) -> RequestView:
    moved = session.scalar(
        update(RoomRequest)
        .where(
            RoomRequest.id == request_id,
            RoomRequest.store_id.in_(list(store_ids)),
            RoomRequest.state.in_(before),
        )
        .values(state=to, **values)
        .returning(RoomRequest.id)
        .execution_options(synchronize_session=False)
    )
    found = queries.get_request(session, request_id, store_ids=store_ids)
    if moved is None:
        raise request_moved_on()
    _tell(session, found.zone_id, found.store_id)
    return found


def _source(request_id: str) -> str:
    return f"request:{request_id}"


def _tell(session: Session, zone_id: str, store_id: str) -> None:
    emit(session, RoomChanged(zone_id), topics=[f"room:{zone_id}", f"floor:{store_id}"])
