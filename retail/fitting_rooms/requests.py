"""Writes of requests: asked from a room, accepted by one assistant, on its way, at the door, done.

Each step is one conditional update, so that two who are equally quick never both have it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import enqueue
from core.sql import insert_ignore
from retail.catalogue import holds
from retail.catalogue.held import Holder
from retail.catalogue.holds import Wanted
from retail.fitting_rooms import queries
from retail.fitting_rooms.models import RoomRequest
from retail.fitting_rooms.queries import RequestView
from retail.fitting_rooms.rules import (
    COMING,
    LATE_AFTER,
    MOST_REQUESTS,
    ORDER,
    REQUEST_HELD_FOR,
    TAKEN,
    Ending,
    RoomState,
    State,
    request_moved_on,
)
from retail.fitting_rooms.telling import tell

ROOM = "room"
LATE_JOB, LAPSE_JOB = "late_request", "lapse_request"


@dataclass(frozen=True)
class Helper:
    """Somebody of the staff who may take a request on; rooms read their first name."""

    id: str
    name: str

    @property
    def first_name(self) -> str:
        """What rooms call them."""
        return next(iter(self.name.split()), "")


def holder_of(session_id: str) -> Holder:
    """A room's session as whoever holds something."""
    return Holder(ROOM, session_id)


def ask(
    session: Session,
    room: RoomState,
    variant_id: str | None,
    *,
    wants: str = "",
    late_after: timedelta = LATE_AFTER,
    now: datetime,
) -> None:
    """Ask for a piece to be brought, or for somebody to come; asked again, it is the same request.

    Holds the piece, unless it is one to order in. Raises Conflict where none is free here, or the
    room asked for as much as one can.
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
        ended_how="",
        wants=wants,
    ):
        return
    until = now + REQUEST_HELD_FOR
    if variant_id is not None and wants != ORDER:
        source = _source(request_id)
        wanted = Wanted(spot.brand_id, spot.store_id, variant_id, source, until)
        holds.hold(session, wanted, holder=holder_of(room.id), most=MOST_REQUESTS, now=now)
    for job, due_at in ((LATE_JOB, now + late_after), (LAPSE_JOB, until)):
        enqueue(session, job, {"request_id": request_id}, due_at=due_at, key=f"{job}:{request_id}")
    tell(session, spot.zone_id, spot.store_id)


def accept(
    session: Session, request_id: str, *, by: Helper, store_ids: Collection[str], now: datetime
) -> None:
    """Take a request on; the first to do so has it. Raises NotFound, or Conflict for the second."""
    values = _held_by(by) | {"accepted_at": now}
    _move(session, request_id, ("asked",), "accepted", store_ids, values)


def on_way(session: Session, request_id: str, *, store_ids: Collection[str], now: datetime) -> None:
    """Whoever took it on is on the way. Raises NotFound, or Conflict where nobody has it."""
    _move(session, request_id, ("accepted",), "on_way", store_ids, {"on_way_at": now})


def at_door(
    session: Session, request_id: str, *, store_ids: Collection[str], now: datetime
) -> None:
    """It was brought to the room's door. Raises NotFound, or Conflict where nobody has it."""
    _move(session, request_id, TAKEN, "at_door", store_ids, {"at_door_at": now})


def done(session: Session, request_id: str, *, store_ids: Collection[str], now: datetime) -> None:
    """It was handed over; the room's hold ends. Raises NotFound, or Conflict where it is over."""
    _let_go(session, _move(session, request_id, COMING, "done", store_ids, {"ended_at": now}), now)


def pass_on(
    session: Session,
    request_id: str,
    *,
    held_by: str,
    to: Helper,
    store_ids: Collection[str],
) -> None:
    """Have somebody else bring what `held_by` took on. Raises NotFound, or Conflict where they
    don't have it any more."""
    kept = (RoomRequest.staff_id == held_by,)
    _move(session, request_id, TAKEN, "accepted", store_ids, _held_by(to), kept)


def give_back(
    session: Session,
    request_id: str,
    *,
    held_by: str,
    store_ids: Collection[str],
    now: datetime,
) -> None:
    """Put back what `held_by` took on: everybody is asked again, and it is late, since somebody
    waits already. Raises NotFound, or Conflict where they don't have it any more."""
    values = {"staff_id": None, "staff_name": "", "accepted_at": None, "on_way_at": None}
    kept = (RoomRequest.staff_id == held_by,)
    _move(session, request_id, TAKEN, "asked", store_ids, values | {"late_at": now}, kept)


def turn_down(
    session: Session, request_id: str, *, store_ids: Collection[str], now: datetime
) -> None:
    """Staff cannot bring it, and the room is told. Raises NotFound, or Conflict once it is over."""
    found = queries.get_request(session, request_id, store_ids=store_ids)
    _call_off(session, found, "staff", now)


def call_off(session: Session, room: RoomState, request_id: str, *, now: datetime) -> None:
    """The room wants it no more; once it is over nothing changes. Raises NotFound."""
    one = queries.get_request(session, request_id, store_ids=[room.spot.store_id])
    if one.session_id == room.id and one.is_open:
        _call_off(session, one, "room", now)


def call_off_all(session: Session, room: RoomState, *, now: datetime) -> None:
    """Call off whatever a room still waits for, as it is wiped."""
    for one in queries.requests_of(session, room.id):
        if one.is_open:
            _call_off(session, one, "wiped", now)


def note_late(session: Session, request_id: str, *, now: datetime) -> None:
    """Ask everybody of the store again, where nobody took it on so far; else nothing changes."""
    row = session.execute(
        update(RoomRequest)
        .where(
            RoomRequest.id == request_id,
            RoomRequest.state == "asked",
            RoomRequest.late_at.is_(None),
        )
        .values(late_at=now)
        .returning(RoomRequest.zone_id, RoomRequest.store_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is not None:
        tell(session, row.zone_id, row.store_id)


def lapse(session: Session, request_id: str, *, now: datetime) -> None:
    """Call off what nobody brought in time, and free its piece; once over nothing changes.

    What stands at the door was brought, though nobody said that it was handed over.
    """
    one = queries.find_request(session, request_id)
    if one is not None and one.state == "at_door":
        done(session, one.id, store_ids=[one.store_id], now=now)
    elif one is not None and one.is_open:
        _call_off(session, one, "lapsed", now)


def _call_off(session: Session, one: RequestView, how: Ending, now: datetime) -> None:
    values = {"ended_at": now, "ended_how": how}
    before: tuple[State, ...] = ("asked", *COMING)
    _let_go(session, _move(session, one.id, before, "cancelled", [one.store_id], values), now)


def _let_go(session: Session, one: RequestView, now: datetime) -> None:
    holds.end_from(session, _source(one.id), "released", holder=holder_of(one.session_id), now=now)


def _move(
    session: Session,
    request_id: str,
    before: tuple[State, ...],
    to: State,
    store_ids: Collection[str],
    values: dict[str, Any],
    conditions: Collection[ColumnElement[bool]] = (),
) -> RequestView:
    moved = session.scalar(
        update(RoomRequest)
        .where(
            RoomRequest.id == request_id,
            RoomRequest.store_id.in_(list(store_ids)),
            RoomRequest.state.in_(before),
            *conditions,
        )
        .values(state=to, **values)
        .returning(RoomRequest.id)
        .execution_options(synchronize_session=False)
    )
    found = queries.get_request(session, request_id, store_ids=store_ids)
    if moved is None:
        raise request_moved_on()
    tell(session, found.zone_id, found.store_id)
    return found


def _held_by(helper: Helper) -> dict[str, Any]:
    return {"staff_id": helper.id, "staff_name": helper.first_name}


def _source(request_id: str) -> str:
    return f"request:{request_id}"
