"""Reads of kiosks in use. One whose minute is over is in none, also before it is deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from retail.accounts.queries import MemberView
from retail.devices import link_codes
from retail.kiosks.models import KioskSession
from retail.kiosks.rules import IDLE_FOR, KioskState, code_unknown, phone_linked

LINK_PURPOSE = "kiosk-link"

_KIOSKS: Select[*tuple[Any, ...]] = select(
    *(getattr(KioskSession, name) for name in KioskState.__dataclass_fields__)
)


def find_kiosk(session: Session, device_id: str, *, now: datetime) -> KioskState | None:
    """The kiosk of a device, while somebody uses it."""
    return _find(session, now, KioskSession.device_id == device_id)


def kiosk_of(session: Session, member_id: str, *, now: datetime) -> KioskState | None:
    """The kiosk that a member's phone is linked to, if it is."""
    return _find(session, now, KioskSession.member_id == member_id)


def code_shown(kiosk: KioskState, *, now: datetime, key: bytes) -> str | None:
    """The code that a kiosk shows just now, in groups; None for none."""
    if kiosk.member_id is not None or kiosk.code_until <= now:
        return None
    return link_codes.shown_code(key, LINK_PURPOSE, kiosk.id, kiosk.code_until)


def shows_code(
    session: Session, typed: str, *, member: MemberView, now: datetime, key: bytes
) -> KioskState:
    """Which kiosk of the member's brand shows this code.

    Raises Invalid, or Conflict where it linked another phone.
    """
    found = _find(session, now, *shown_to(typed, member, now, key))
    if found is None:
        raise code_unknown()
    if found.member_id not in (None, member.id):
        raise phone_linked()
    return found


def shown_to(
    typed: str, member: MemberView, now: datetime, key: bytes
) -> tuple[ColumnElement[bool], ...]:
    """What holds of the kiosk that shows a code, for a member of its brand."""
    return (
        KioskSession.code_hash.in_(link_codes.typed_hashes(key, LINK_PURPOSE, typed)),
        KioskSession.brand_id == member.brand_id,
        KioskSession.code_until > now,
    )


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """What says that a member's phone is linked to a kiosk, for themselves, until it is deleted."""
    mine = select(KioskSession.store_id, KioskSession.linked_at).where(
        KioskSession.member_id == member_id
    )
    return [dict(row._mapping) for row in session.execute(mine)]


def _find(session: Session, now: datetime, *which: ColumnElement[bool]) -> KioskState | None:
    in_use = _KIOSKS.where(KioskSession.touched_at > now - IDLE_FOR, *which)
    newest = in_use.order_by(KioskSession.linked_at.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    return None if row is None else KioskState(*row)
