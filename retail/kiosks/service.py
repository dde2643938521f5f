"""Writes of kiosks: a code is shown, a phone linked, somebody touches, and all of it is wiped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.ids import new_link_id
from core.outbox import emit, enqueue
from core.sql import insert_ignore
from retail.accounts.queries import MemberView
from retail.devices import link_codes
from retail.devices.queries import DeviceView
from retail.kiosks import queries
from retail.kiosks.models import KioskSession
from retail.kiosks.queries import LINK_PURPOSE
from retail.kiosks.rules import IDLE_FOR, KioskState, phone_linked

WIPE_JOB = "wipe_kiosk"


@dataclass(frozen=True)
class KioskChanged:
    """A kiosk shows a code, was linked or wiped. It says of nobody who."""

    device_id: str


def show_code(session: Session, kiosk: DeviceView, *, now: datetime, key: bytes) -> None:
    """Have a kiosk show a new code for a minute; the one before it is over.

    Raises Conflict while a phone is linked.
    """
    found = queries.find_kiosk(session, kiosk.id, now=now)
    if found is not None and found.member_id is not None:
        raise phone_linked()
    session.execute(delete(KioskSession).where(*_of_nobody(kiosk.id, now)))
    session_id, until = new_link_id(), now + link_codes.LIFETIME
    shown = insert_ignore(
        session,
        KioskSession,
        device_id=kiosk.id,
        id=session_id,
        brand_id=kiosk.brand_id,
        store_id=kiosk.store_id,
        code_hash=link_codes.kept_hash(key, LINK_PURPOSE, session_id, until),
        code_until=until,
        touched_at=now,
    )
    if not shown:
        raise phone_linked()
    _tell(session, kiosk.id)
    _wipe_at(session, session_id, now + IDLE_FOR)


def link(
    session: Session, typed: str, *, member: MemberView, now: datetime, key: bytes
) -> KioskState:
    """Link a member's phone to the kiosk that shows a code, for as long as it is touched.

    The same phone may send it twice, and leaves whichever kiosk it was at. Raises Invalid for a
    code that is wrong, old or of another shop, and Conflict for a second phone.
    """
    found = queries.shows_code(session, typed, member=member, now=now, key=key)
    linked = session.scalar(
        update(KioskSession)
        .where(
            *queries.shown_to(typed, member, now, key),
            KioskSession.id == found.id,
            KioskSession.member_id.is_(None),
        )
        .values(member_id=member.id, linked_at=now, touched_at=now)
        .returning(KioskSession.id)
        .execution_options(synchronize_session=False)
    )
    mine = queries.shows_code(session, typed, member=member, now=now, key=key)
    if mine.member_id is None:
        raise phone_linked()
    if linked is not None:
        _wipe(session, KioskSession.member_id == member.id, KioskSession.id != mine.id)
        _tell(session, mine.device_id)
    return mine


def stay(session: Session, kiosk: KioskState, *, now: datetime) -> None:
    """Somebody is still there: nothing is wiped for a minute. What is wiped stays so."""
    session.execute(
        update(KioskSession)
        .where(
            KioskSession.id == kiosk.id,
            KioskSession.member_id.is_not(None),
            KioskSession.touched_at > now - IDLE_FOR,
        )
        .values(touched_at=now)
        .execution_options(synchronize_session=False)
    )


def end(session: Session, device_id: str) -> None:
    """Wipe a kiosk; one that nobody uses stays as it is."""
    _wipe(session, KioskSession.device_id == device_id)


def leave(session: Session, member_id: str) -> None:
    """Wipe whichever kiosk a member's phone is linked to; erasing them does so, too."""
    _wipe(session, KioskSession.member_id == member_id)


def wipe_due(session: Session, session_id: str, *, now: datetime) -> None:
    """Wipe a kiosk whose minute is over; where it was touched meanwhile, look again then."""
    _wipe(session, KioskSession.id == session_id, KioskSession.touched_at <= now - IDLE_FOR)
    touched_at = session.scalar(
        select(KioskSession.touched_at).where(KioskSession.id == session_id)
    )
    if touched_at is not None:
        _wipe_at(session, session_id, touched_at + IDLE_FOR)


def _of_nobody(device_id: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_over = KioskSession.touched_at <= now - IDLE_FOR
    return KioskSession.device_id == device_id, KioskSession.member_id.is_(None) | is_over


def _wipe(session: Session, *which: ColumnElement[bool]) -> None:
    gone = session.execute(
        delete(KioskSession)
        .where(*which)
        .returning(KioskSession.device_id, KioskSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    for device_id, session_id in gone:
        _tell(session, device_id, f"link:{session_id}")


def _tell(session: Session, device_id: str, *topics: str) -> None:
    emit(session, KioskChanged(device_id), topics=[f"kiosk:{device_id}", *topics])


def _wipe_at(session: Session, session_id: str, due_at: datetime) -> None:
    key = f"{WIPE_JOB}:{session_id}:{due_at.isoformat()}"
    enqueue(session, WIPE_JOB, {"session_id": session_id}, due_at=due_at, key=key)
