"""Waking whoever watches a room: its screens, the store's staff, and a phone linked to it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.outbox import emit
from retail.fitting_rooms.events import RoomChanged
from retail.fitting_rooms.models import RoomLink


def tell(session: Session, zone_id: str, store_id: str) -> None:
    """Say that something in a room changed. A linked phone hears of it by its link, not its member:
    what is kept of an event leads to nobody."""
    link_id = session.scalar(select(RoomLink.id).where(RoomLink.zone_id == zone_id))
    linked = [f"link:{link_id}"] if link_id else []
    topics = [f"room:{zone_id}", f"floor:{store_id}", *linked]
    emit(session, RoomChanged(zone_id), topics=topics)
