"""A batch's tags as a whole: noted by the second, and told apart into those that stay and move.

A statement for a batch, not for a tag: most reads say that everything is where it was.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from core.sql import execute, lay_together
from retail.fitting_rooms.models import RoomGarment, TagSighting
from retail.fitting_rooms.presence import Presence, Sighting
from retail.fitting_rooms.rules import Spot

_GARMENT = cast("Table", RoomGarment.__table__).c
_HELD = select(_GARMENT.tag, _GARMENT.zone_id, _GARMENT.last_seen_at).where(
    _GARMENT.store_id == bindparam("store"), _GARMENT.tag.in_(bindparam("tags", expanding=True))
)
_HEARD = (
    update(cast("Table", RoomGarment.__table__))
    .where(_GARMENT.store_id == bindparam("store"), _GARMENT.tag == bindparam("which"))
    .values(last_seen_at=bindparam("last"))
)


def note(session: Session, spot: Spot, seen: Mapping[str, Iterable[Sighting]]) -> None:
    """Lay seconds of tags together with those noted before; the same again changes nothing."""
    rows = [
        {
            "store_id": spot.store_id,
            "brand_id": spot.brand_id,
            "tag": tag,
            "second": one.second,
            "zone_id": one.zone_id,
            "first_at": one.first_at,
            "last_at": one.last_at,
            "signal": one.signal,
        }
        for tag, seconds in seen.items()
        for one in seconds
    ]
    chosen: dict[str, tuple[str, ...]] = {"least": ("first_at",), "most": ("last_at", "signal")}
    lay_together(session, TagSighting, rows, **chosen)


def held(session: Session, store_id: str, tags: Collection[str]) -> dict[str, tuple[str, datetime]]:
    """Where a store has these tags, and when they were heard of last; by tag, if anywhere."""
    found = execute(session, _HELD, {"store": store_id, "tags": list(tags)})
    return {row.tag: (row.zone_id, row.last_seen_at) for row in found}


def staying(
    before: Mapping[str, tuple[str, datetime]], found: Mapping[str, Presence], *, quiet: timedelta
) -> dict[str, datetime]:
    """Which tags are where they were, with the last instant at which they were heard of."""
    stays = {}
    for tag, where in found.items():
        zone_id, last = before.get(tag, (None, where.entered_at))
        if zone_id == where.zone_id and where.entered_at - last < quiet:
            stays[tag] = max(last, where.last_seen_at)
    return stays


def keep(session: Session, store_id: str, heard: Mapping[str, datetime]) -> None:
    """Remember when tags that stay were heard of last."""
    rows = [{"store": store_id, "which": tag, "last": last} for tag, last in heard.items()]
    if rows:
        execute(session, _HEARD, rows)
