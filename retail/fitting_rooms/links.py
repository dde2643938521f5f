"""Phones linked to rooms: by a code that a room's screen shows once, until the room is wiped.

The link is the one row that says who is in a room. Nothing of it is left once it ends.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select, update
from sqlalchemy.orm import Session

from core.ids import new_link_id
from core.outbox import emit
from core.sql import insert_ignore
from retail.accounts.queries import MemberView
from retail.devices import link_codes
from retail.fitting_rooms.events import PhoneUnlinked
from retail.fitting_rooms.models import RoomLink, RoomSession
from retail.fitting_rooms.rules import (
    RoomState,
    Spot,
    link_code_unknown,
    phone_linked,
    room_closed,
)
from retail.fitting_rooms.telling import tell

LINK_PURPOSE = "room-link"
# Whose phone is linked to which zone; for other rooms to build on.
LINKS: Select[*tuple[Any, ...]] = select(RoomLink.zone_id, RoomLink.id, RoomLink.member_id)


@dataclass(frozen=True)
class LinkView:
    """Whose phone is linked to which session of a room; `topic` wakes it when the room changes."""

    id: str
    spot: Spot
    session_id: str
    member_id: str
    linked_at: datetime

    @property
    def topic(self) -> str:
        """What a phone listens to."""
        return f"link:{self.id}"


def show_code(session: Session, room: RoomState, *, now: datetime, key: bytes) -> None:
    """Have a room show a new code for a minute; the one before it is over.

    Raises Conflict where a phone is linked already, or nobody uses the room any more.
    """
    if find_link(session, room.spot.zone_id) is not None:
        raise phone_linked()
    until = now + link_codes.LIFETIME
    code = link_codes.kept_hash(key, LINK_PURPOSE, room.id, until)
    shown = session.scalar(
        update(RoomSession)
        .where(RoomSession.id == room.id, RoomSession.ended_at.is_(None))
        .values(link_hash=code, link_until=until, link_used_at=None)
        .returning(RoomSession.id)
        .execution_options(synchronize_session=False)
    )
    if shown is None:
        raise room_closed()
    tell(session, room.spot.zone_id, room.spot.store_id)


def code_shown(room: RoomState, *, now: datetime, key: bytes) -> str | None:
    """The code that a room's screen shows just now, in groups; None for none."""
    if room.link_until is None or room.link_until <= now or room.link_used_at is not None:
        return None
    return link_codes.shown_code(key, LINK_PURPOSE, room.id, room.link_until)


def is_shown(
    session: Session, typed: str, *, member: MemberView, now: datetime, key: bytes
) -> Spot:
    """Which room of the member's brand shows this code. Raises Invalid, or Conflict once used."""
    mine = _shows(typed, member, now, key)
    row = session.execute(
        select(
            RoomSession.brand_id,
            RoomSession.store_id,
            RoomSession.zone_id,
            RoomSession.link_used_at,
        ).where(*mine)
    ).one_or_none()
    if row is None:
        raise link_code_unknown()
    if row.link_used_at is not None and not _is_mine(session, row.zone_id, member.id):
        raise phone_linked()
    return Spot(*row[:3])


def link(
    session: Session, typed: str, *, member: MemberView, now: datetime, key: bytes
) -> LinkView:
    """Link a member's phone to the room that shows a code; it leaves whichever room it was in.

    The same phone may send it twice. Raises Invalid for a code that is wrong, old or of another
    shop, and Conflict for a second phone.
    """
    spot = is_shown(session, typed, member=member, now=now, key=key)
    session_id = session.scalar(
        update(RoomSession)
        .where(*_shows(typed, member, now, key), RoomSession.link_used_at.is_(None))
        .values(link_used_at=now)
        .returning(RoomSession.id)
        .execution_options(synchronize_session=False)
    )
    if session_id is not None:
        unlink_member(session, member.id)
        made = insert_ignore(
            session,
            RoomLink,
            zone_id=spot.zone_id,
            id=new_link_id(),
            brand_id=spot.brand_id,
            store_id=spot.store_id,
            session_id=session_id,
            member_id=member.id,
            linked_at=now,
        )
        if not made:
            raise phone_linked()
    found = link_of(session, member.id)
    if found is None or found.spot.zone_id != spot.zone_id:
        raise phone_linked()
    tell(session, spot.zone_id, spot.store_id)
    return found


def unlink(session: Session, zone_id: str) -> None:
    """Part a room from whichever phone is linked to it; without one nothing changes."""
    _unlink(session, RoomLink.zone_id == zone_id)


def take_off(session: Session, room: RoomState) -> None:
    """Part a room from its phone, and end the code for one that it shows."""
    unlink(session, room.spot.zone_id)
    session.execute(
        update(RoomSession)
        .where(RoomSession.id == room.id)
        .values(link_hash=None, link_until=None, link_used_at=None)
        .execution_options(synchronize_session=False)
    )
    tell(session, room.spot.zone_id, room.spot.store_id)


def unlink_member(session: Session, member_id: str) -> None:
    """Part a member's phone from whichever room it is linked to; erasing them does so, too."""
    _unlink(session, RoomLink.member_id == member_id)


def find_link(session: Session, zone_id: str) -> LinkView | None:
    """The phone that is linked to a room, if one is."""
    return _find(session, RoomLink.zone_id == zone_id)


def link_of(session: Session, member_id: str) -> LinkView | None:
    """The room that a member's phone is linked to, if it is."""
    return _find(session, RoomLink.member_id == member_id)


def stands(link_id: Any) -> ColumnElement[bool]:
    """Whether a link stands, as a condition on other rooms' columns of link ids."""
    return exists().where(RoomLink.id == link_id)


def find(session: Session, link_id: str) -> LinkView | None:
    """A link by its own id, as long as it stands."""
    return _find(session, RoomLink.id == link_id)


def hold(session: Session, link_id: str) -> bool:
    """Have a link stand until the transaction ends; False where it does not any more."""
    held = select(RoomLink.id).where(RoomLink.id == link_id).with_for_update(read=True)
    return session.scalar(held) is not None


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """The room that a member's phone is linked to just now, for themselves; nothing is kept."""
    found = link_of(session, member_id)
    told = [found] if found else []
    return [{"store_id": one.spot.store_id, "linked_at": one.linked_at} for one in told]


def _shows(
    typed: str, member: MemberView, now: datetime, key: bytes
) -> tuple[ColumnElement[bool], ...]:
    return (
        RoomSession.link_hash.in_(link_codes.typed_hashes(key, LINK_PURPOSE, typed)),
        RoomSession.brand_id == member.brand_id,
        RoomSession.link_until > now,
        RoomSession.ended_at.is_(None),
    )


def _is_mine(session: Session, zone_id: str, member_id: str) -> bool:
    found = find_link(session, zone_id)
    return found is not None and found.member_id == member_id


def _find(session: Session, which: ColumnElement[bool]) -> LinkView | None:
    row = session.execute(
        select(
            RoomLink.id,
            RoomLink.brand_id,
            RoomLink.store_id,
            RoomLink.zone_id,
            RoomLink.session_id,
            RoomLink.member_id,
            RoomLink.linked_at,
        ).where(which)
    ).one_or_none()
    return None if row is None else LinkView(row[0], Spot(*row[1:4]), *row[4:])


def _unlink(session: Session, which: ColumnElement[bool]) -> None:
    found = _find(session, which)
    if found is not None:
        # Told before it goes, so that the phone hears of it, too.
        tell(session, found.spot.zone_id, found.spot.store_id)
        session.execute(delete(RoomLink).where(RoomLink.id == found.id))
        emit(session, PhoneUnlinked(found.id))
