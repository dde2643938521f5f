"""Reads of disclosures, for the member they are about."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.access_log import rules
from retail.access_log.models import Disclosure

_NEWEST = 200


@dataclass(frozen=True)
class Look:
    """Who looked, at what, what for and when, in words; never a name."""

    viewer: str
    what: str
    purpose: str
    seen_at: datetime


def seen_by(session: Session, member_id: str, *, limit: int = _NEWEST) -> list[Look]:
    """The looks at a member's data, newest first."""
    rows = session.execute(
        select(Disclosure.viewer_kind, Disclosure.what, Disclosure.purpose, Disclosure.seen_at)
        .where(Disclosure.member_id == member_id)
        .order_by(Disclosure.seen_at.desc(), Disclosure.id.desc())
        .limit(limit)
    )
    return [
        Look(
            rules.VIEWERS.get(row.viewer_kind, row.viewer_kind),
            rules.DATA.get(row.what, row.what),
            rules.PURPOSES.get(row.purpose, row.purpose),
            row.seen_at,
        )
        for row in rows
    ]


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every look at a member, for themselves."""
    return [asdict(look) for look in seen_by(session, member_id, limit=1_000_000)]
