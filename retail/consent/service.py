"""Writes of consents. Each change moves the brand's consent epoch, which empties every cache."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.ids import new_id
from core.outbox import emit
from core.sql import insert_ignore
from retail.brands import service as brands
from retail.consent.events import ConsentGiven, ConsentWithdrawn
from retail.consent.models import Consent
from retail.consent.rules import get_purpose


def give(
    session: Session,
    *,
    member_id: str,
    brand_id: str,
    purpose: str,
    now: datetime,
    notice_version: str | None = None,
) -> bool:
    """Record that the member agrees; tells whether that is new.

    `notice_version` names the words they saw, by default today's; agreeing again to newer words
    replaces the older agreement. Raises NotFound for an unknown purpose.
    """
    asked = get_purpose(purpose)
    version = notice_version or asked.notice_version
    _end(session, member_id, purpose, now, Consent.notice_version != version)
    is_new = insert_ignore(
        session,
        Consent,
        id=new_id(),
        brand_id=brand_id,
        member_id=member_id,
        purpose=purpose,
        audience=asked.audience,
        channel=asked.channel,
        notice_version=version,
        given_at=now,
    )
    if is_new:
        brands.bump_consent_epoch(session, brand_id)
        emit(session, ConsentGiven(member_id, purpose), topics=[f"brand:{brand_id}"])
    return is_new


def withdraw(
    session: Session, *, member_id: str, brand_id: str, purpose: str, now: datetime
) -> bool:
    """End the member's agreement; tells whether there was one. Raises NotFound as `give`."""
    get_purpose(purpose)
    was_given = _end(session, member_id, purpose, now)
    if was_given:
        brands.bump_consent_epoch(session, brand_id)
        emit(session, ConsentWithdrawn(member_id, purpose), topics=[f"brand:{brand_id}"])
    return was_given


def erase(session: Session, member_id: str, *, brand_id: str) -> None:
    """Delete every trace of the member's agreements."""
    session.execute(delete(Consent).where(Consent.member_id == member_id))
    brands.bump_consent_epoch(session, brand_id)


def _end(
    session: Session, member_id: str, purpose: str, now: datetime, *only_where: ColumnElement[bool]
) -> bool:
    result = session.execute(
        update(Consent)
        .where(
            Consent.member_id == member_id,
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
            *only_where,
        )
        .values(withdrawn_at=now)
    )
    assert isinstance(result, CursorResult)
    return result.rowcount > 0
