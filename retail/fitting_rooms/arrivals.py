"""Pieces that come into rooms: whoever is in, begun where nobody was, and what hangs on the tags.

Each batch of reads that moves something goes this way, so its statements are made once.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, func, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core.ids import new_id
from core.model import Id
from core.outbox import enqueue
from core.sql import insert_ignore
from core.stroke import Stroke
from retail.fitting_rooms import queries
from retail.fitting_rooms.endings import end
from retail.fitting_rooms.models import RoomGarment, RoomSession
from retail.fitting_rooms.presence import Presence
from retail.fitting_rooms.rules import Spot, room_closed

MIND_JOB = "mind_room"
_SOON = timedelta(seconds=1)
_room = cast("Table", RoomSession.__table__)
_piece = bindparam("piece", type_=Id)
# Into an empty room, the new piece is what is looked at.
_CAME_IN = Stroke(
    update(_room)
    .where(_room.c.id == bindparam("room"), _room.c.ended_at.is_(None))
    .values(
        touched_at=bindparam("at"),
        wipes_at=None,
        emptied_at=None,
        shown_variant_id=case(
            (_room.c.emptied_at.is_not(None), _piece),
            else_=func.coalesce(_room.c.shown_variant_id, _piece),
        ),
    )
    .returning(_room.c.id)
)
_HANGS_ON = ("brand_id", "session_id", "zone_id", "variant_id", "entered_at", "last_seen_at")


def _hang(dialect_insert: Any) -> Any:
    names = ("store_id", "tag", *_HANGS_ON)
    statement = dialect_insert(RoomGarment.__table__)
    statement = statement.values({name: bindparam(name) for name in names})
    later = {name: statement.excluded[name] for name in _HANGS_ON}
    return statement.on_conflict_do_update(index_elements=["store_id", "tag"], set_=later)


_HUNG = Stroke({"sqlite": _hang(sqlite_insert), "postgresql": _hang(postgresql_insert)})


@dataclass(frozen=True)
class Piece:
    """A tag, as its keyed hash, and the variant that it hangs on, where the brand knows it."""

    tag: str
    variant_id: str | None


def place_pieces(
    session: Session,
    spot: Spot,
    pieces: Collection[tuple[Piece, Presence]],
    before: Mapping[str, Presence],
    *,
    quiet: timedelta,
    now: datetime,
) -> set[str]:
    """Have tags be where they were found and were not; `before` says where they came from.

    Gives the zones of which screens are to be told. What was last heard of too long ago is
    nowhere. Whoever was wiped away waits for their tags to leave.
    """
    changed: set[str] = set()
    here = [(one, where) for one, where in pieces if now - where.last_seen_at < quiet]
    for zone_id in sorted({where.zone_id for _, where in here}):
        at = Spot(spot.brand_id, spot.store_id, zone_id)
        came = [(one, where) for one, where in here if where.zone_id == zone_id]
        room_id = come_in(session, at, [one.variant_id for one, _ in came], now=now)
        for one, where in came:
            hang_up(session, at, room_id, one, where)
            changed |= {zone_id, before[one.tag].zone_id if one.tag in before else zone_id}
        for due_at in _once_a_second(where.last_seen_at + quiet for _, where in came):
            mind_at(session, room_id, due_at)
    return changed


def come_in(
    session: Session, spot: Spot, variant_ids: Collection[str | None], *, now: datetime
) -> str:
    """The session of a zone, begun where nobody was; somebody came in, with pieces or without.

    Raises Conflict where it ended just now.
    """
    room, is_begun = queries.find_room(session, spot.zone_id), False
    if room is not None and room.is_over(now):
        # Nobody came to wipe it; whoever is here now finds nothing of it.
        end(session, room, now=now)
        room = None
    if room is None:
        is_begun = _begin(session, spot, now)
        room = queries.find_room(session, spot.zone_id)
    piece = next((one for one in variant_ids if one), None)
    if room is None or not _CAME_IN(session, room=room.id, piece=piece, at=now):
        raise room_closed()
    if room.wipes_at is not None or room.emptied_at is not None:
        # What was due is not any more; look again by the time when it is.
        mind_at(session, room.id, now + _SOON)
    if is_begun:
        mind_at(session, room.id, room.warns_at)
    return room.id


def mind_at(session: Session, session_id: str, due_at: datetime) -> None:
    """Look after a room at an instant; once for each second."""
    key = f"{MIND_JOB}:{session_id}:{_second(due_at)}"
    enqueue(session, MIND_JOB, {"session_id": session_id}, due_at=due_at, key=key)


def _second(at: datetime) -> str:
    return f"{at.timestamp():.0f}"


def _once_a_second(instants: Iterable[datetime]) -> Collection[datetime]:
    return {_second(at): at for at in sorted(instants)}.values()


def _begin(session: Session, spot: Spot, now: datetime) -> bool:
    return insert_ignore(
        session,
        RoomSession,
        id=new_id(),
        brand_id=spot.brand_id,
        store_id=spot.store_id,
        zone_id=spot.zone_id,
        began_at=now,
        touched_at=now,
    )


def hang_up(session: Session, at: Spot, room_id: str, piece: Piece, where: Presence) -> None:
    """Note that a piece is in a room."""
    _HUNG(
        session,
        store_id=at.store_id,
        brand_id=at.brand_id,
        tag=piece.tag,
        session_id=room_id,
        zone_id=at.zone_id,
        variant_id=piece.variant_id,
        entered_at=where.entered_at,
        last_seen_at=where.last_seen_at,
    )
