"""Reads of disclosures, for the member they are about."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
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


def seen_by(
    session: Session,
    member_id: str,
    *,
    purpose: str | None = None,
    since: datetime | None = None,
    limit: int = _NEWEST,
) -> list[Look]:
    """The looks at a member's data, newest first; for one purpose, from an instant on."""
    only = [] if purpose is None else [Disclosure.purpose == purpose]
    only += [] if since is None else [Disclosure.seen_at >= since]
    rows = session.execute(
        select(Disclosure.viewer_kind, Disclosure.what, Disclosure.purpose, Disclosure.seen_at)
        .where(Disclosure.member_id == member_id, *only)
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


def last_looks(
    session: Session, viewer_id: str, member_ids: Iterable[str], *, what: str
) -> dict[str, datetime]:
    """When somebody last looked at this of members, by member; absent where they never did."""
    rows: Iterable[Any] = session.execute(
        select(Disclosure.member_id, func.max(Disclosure.seen_at))
        .where(
            Disclosure.member_id.in_(list(member_ids)),
            Disclosure.viewer_id == viewer_id,
            Disclosure.what == what,
        )
        .group_by(Disclosure.member_id)
    )
    return {row[0]: row[1] for row in rows}


def export(session: Session, member_id: str) -> list[dict[str, Any]]:
    """Every look at a member, for themselves."""
    return [asdict(look) for look in seen_by(session, member_id, limit=1_000_000)]
