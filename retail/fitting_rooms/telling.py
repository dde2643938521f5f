"""Waking whoever watches a room: its screens, the store's staff, and a phone linked to it."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.glance import Glance, within
from core.outbox import emit
from retail.fitting_rooms.events import RoomChanged
from retail.fitting_rooms.models import RoomLink

_LINKED = Glance(select(RoomLink.id).where(RoomLink.zone_id == bindparam("zone_id")))


def tell(session: Session, zone_id: str, store_id: str) -> None:
    """Say that something in a room changed. A linked phone hears of it by its link, not its member:
    what is kept of an event leads to nobody."""
    linked = [f"link:{link_id}" for (link_id,) in within(session)(_LINKED, zone_id=zone_id)]
    topics = [f"room:{zone_id}", f"floor:{store_id}", *linked]
    emit(session, RoomChanged(zone_id), topics=topics)
