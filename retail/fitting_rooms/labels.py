"""Pieces whose labels a linked phone scanned: in the room as if a reader had told of them.

They are what a room without a reader knows. No antenna tells when they leave, so they stay until
whoever scanned them says so, or the room is wiped.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from retail.fitting_rooms.arrivals import Piece, come_in, hang_up, mind_at
from retail.fitting_rooms.links import LinkView
from retail.fitting_rooms.models import RoomGarment, RoomSession
from retail.fitting_rooms.presence import Presence
from retail.fitting_rooms.rules import SCANNED, room_closed
from retail.fitting_rooms.telling import tell

MOST = 20
# Longer than any visit: a room is wiped ten minutes after the last touch.
_STAYS = timedelta(days=1)
_SOON = timedelta(seconds=1)


def bring_in(session: Session, link: LinkView, variant_id: str, *, now: datetime) -> None:
    """Have a piece be in the room that a phone is linked to, and on its screen.

    Raises Conflict where the room has been wiped, or has as many as it may.
    """
    here = RoomGarment.session_id == link.session_id, RoomGarment.tag.startswith(SCANNED)
    others = select(func.count()).where(*here, RoomGarment.variant_id != variant_id)
    if (session.scalar(others) or 0) >= MOST:
        raise Conflict("room_full", "That is as much as we show at once. Take something out first.")
    room_id = come_in(session, link.spot, [variant_id], now=now)
    if room_id != link.session_id:
        raise room_closed()
    piece = Piece(_tag(room_id, variant_id), variant_id)
    hang_up(session, link.spot, room_id, piece, Presence(link.spot.zone_id, now, now + _STAYS))
    session.execute(
        update(RoomSession).where(RoomSession.id == room_id).values(shown_variant_id=variant_id)
    )
    tell(session, link.spot.zone_id, link.spot.store_id)


def take_out(session: Session, link: LinkView, variant_id: str, *, now: datetime) -> None:
    """Have a piece that was scanned be in the room no more; anything else stays as it is."""
    tag = _tag(link.session_id, variant_id)
    session.execute(
        delete(RoomGarment).where(
            RoomGarment.store_id == link.spot.store_id, RoomGarment.tag == tag
        )
    )
    mind_at(session, link.session_id, now + _SOON)
    tell(session, link.spot.zone_id, link.spot.store_id)


def scanned_in(session: Session, session_id: str) -> set[str]:
    """Which pieces are in a room because their labels were scanned."""
    found = session.scalars(
        select(RoomGarment.variant_id).where(
            RoomGarment.session_id == session_id, RoomGarment.tag.startswith(SCANNED)
        )
    )
    return {one for one in found if one is not None}


def _tag(session_id: str, variant_id: str) -> str:
    return f"{SCANNED}{session_id}:{variant_id}"
