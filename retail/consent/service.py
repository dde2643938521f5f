"""Writes of consents. Each change moves the brand's consent epoch, which empties every cache.

Changes of one member's mind stand in line: of two devices, the one that comes last has its way.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit
from core.sql import close_gate, insert_ignore
from retail.brands import service as brands
from retail.consent.cells import Cell
from retail.consent.events import ConsentGiven, ConsentWithdrawn
from retail.consent.models import Consent
from retail.consent.queries import is_one_of
from retail.consent.rules import consent_gate, get_purpose


def give(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    purpose: str,
    audience: str | None = None,
    channel: str | None = None,
    now: datetime,
    notice_version: str | None = None,
) -> bool:
    """Record that the member agrees, to the cell named or to all of the purpose.

    Tells whether that is new. `notice_version` names the words they saw, by default today's;
    agreeing again to newer words replaces the older agreement. Raises NotFound for an unknown
    purpose, audience or channel.
    """
    asked = get_purpose(purpose)
    version = notice_version or asked.notice_version
    close_gate(session, consent_gate(member_id))
    news = [
        _give(session, member_id, brand_id, purpose, cell, version, now)
        for cell in asked.cells_of(audience, channel)
    ]
    if any(news):
        brands.bump_epoch(session, brand_id)
        emit(session, ConsentGiven(member_id, purpose), topics=[f"brand:{brand_id}"])
    return any(news)


def withdraw(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    purpose: str,
    audience: str | None = None,
    channel: str | None = None,
    now: datetime,
) -> bool:
    """End the member's agreement to the cell named, or to all of the purpose.

    Tells whether there was one. Raises NotFound as `give`.
    """
    cells = get_purpose(purpose).cells_of(audience, channel)
    named = [] if audience is None and channel is None else [is_one_of(cells)]
    close_gate(session, consent_gate(member_id))
    was_given = _end(session, member_id, now, Consent.purpose == purpose, *named)
    if was_given:
        _tell_withdrawn(session, member_id, brand_id, purpose)
    return was_given


def erase(session: Session, member_id: str, *, brand_id: str) -> None:
    """Delete every trace of the member's agreements."""
    close_gate(session, consent_gate(member_id))
    session.execute(delete(Consent).where(Consent.member_id == member_id))
    brands.bump_epoch(session, brand_id)


def _give(
    session: Session,
    member_id: str,
    brand_id: str,
    purpose: str,
    cell: Cell,
    version: str,
    now: datetime,
) -> bool:
    mine = (Consent.purpose == purpose, is_one_of((cell,)))
    _end(session, member_id, now, *mine, Consent.notice_version != version)
    return insert_ignore(
        session,
        Consent,
        id=new_id(),
        brand_id=brand_id,
        member_id=member_id,
        purpose=purpose,
        audience=cell.audience,
        channel=cell.channel,
        notice_version=version,
        given_at=now,
    )


def _end(session: Session, member_id: str, now: datetime, *only_where: ColumnElement[bool]) -> bool:
    result = session.execute(
        update(Consent)
        .where(Consent.member_id == member_id, Consent.withdrawn_at.is_(None), *only_where)
        .values(withdrawn_at=now)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount > 0


def _tell_withdrawn(session: Session, member_id: str, brand_id: str, purpose: str) -> None:
    brands.bump_epoch(session, brand_id)
    # Every screen of the brand that shows people listens to this one, wherever it stands.
    emit(
        session,
        ConsentWithdrawn(member_id, purpose),
        topics=[f"brand:{brand_id}", f"consent:{brand_id}"],
    )
