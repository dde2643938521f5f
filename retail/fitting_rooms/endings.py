"""The end of a room's session: nothing of it is left to show."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from retail.fitting_rooms import links, requests
from retail.fitting_rooms.models import RoomGarment, RoomSession
from retail.fitting_rooms.rules import SCANNED, RoomState
from retail.fitting_rooms.telling import tell


def end(session: Session, room: RoomState, *, now: datetime) -> None:
    """Clear a room: nothing of its session is left to show, and what it asked for is called off."""
    ended = session.scalar(
        update(RoomSession)
        .where(RoomSession.id == room.id, RoomSession.ended_at.is_(None))
        .values(
            ended_at=now,
            shown_variant_id=None,
            language="",
            link_hash=None,
            link_until=None,
            link_used_at=None,
        )
        .returning(RoomSession.id)
    )
    if ended is None:
        return
    here = RoomGarment.session_id == room.id
    session.execute(delete(RoomGarment).where(here, RoomGarment.tag.startswith(SCANNED)))
    session.execute(update(RoomGarment).where(here).values(variant_id=None))
    requests.call_off_all(session, room, now=now)
    links.unlink(session, room.spot.zone_id)
    tell(session, room.spot.zone_id, room.spot.store_id)
