"""Reads of consents: "may we?" has one answer, and it is asked here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from retail.consent.models import Consent
from retail.consent.rules import PURPOSES


@dataclass(frozen=True)
class ConsentView:
    """One purpose as its member sees it; `given_at` is None while it is off."""

    purpose: str
    title: str
    sentence: str
    audience: str
    notice_version: str
    is_given: bool
    given_at: datetime | None


def has_consent(session: Session, member_id: str, purpose: str) -> bool:
    """Whether the member agrees to the purpose now."""
    return member_id in consenting(session, [member_id], purpose)


def consenting(session: Session, member_ids: Iterable[str], purpose: str) -> set[str]:
    """Those of the members who agree to the purpose now."""
    return set(
        session.scalars(
            select(Consent.member_id).where(
                Consent.member_id.in_(list(member_ids)),
                Consent.purpose == purpose,
                Consent.withdrawn_at.is_(None),
            )
        )
    )


def agrees(member_id: Any, purpose: str) -> ColumnElement[bool]:
    """`has_consent` as a condition on another room's column of member ids, for its selects."""
    return exists().where(
        Consent.member_id == member_id,
        Consent.purpose == purpose,
        Consent.withdrawn_at.is_(None),
    )


def consents_of(session: Session, member_id: str) -> list[ConsentView]:
    """Every purpose there is, with the member's answer; everything starts off."""
    rows = session.execute(
        select(Consent.purpose, Consent.notice_version, Consent.given_at).where(
            Consent.member_id == member_id, Consent.withdrawn_at.is_(None)
        )
    )
    given = {row.purpose: row for row in rows}
    return [
        ConsentView(
            purpose.code,
            purpose.title,
            purpose.sentence,
            purpose.audience,
            given[code].notice_version if code in given else purpose.notice_version,
            code in given,
            given[code].given_at if code in given else None,
        )
        for code, purpose in PURPOSES.items()
    ]


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every agreement of a member, past and present, for themselves."""
    rows = session.execute(
        select(
            Consent.purpose,
            Consent.audience,
            Consent.channel,
            Consent.notice_version,
            Consent.given_at,
            Consent.withdrawn_at,
        )
        .where(Consent.member_id == member_id)
        .order_by(Consent.given_at, Consent.id)
    )
    return [dict(row._mapping) for row in rows]
