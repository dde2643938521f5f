"""Reports of what friends ask. One lives as long as its question, and shows whose it is to nobody.

Whoever decides sees the words and why, but neither names nor the picture: nothing of a question is
kept to be looked at, and ending one costs no more than asking again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from retail.accounts.queries import MemberView
from retail.fitting_rooms import links
from retail.opinions import queries, rules, service
from retail.opinions.models import OpinionReport, OpinionRequest
from retail.staff.queries import StaffView

MOST_SHOWN = 50


@dataclass(frozen=True)
class ReportedView:
    """A question as whoever decides on it sees it; `reasons` are codes, of each report one."""

    id: str
    kind: str
    words: str = field(repr=False)
    reasons: tuple[str, ...]
    reported_at: datetime


def report(
    session: Session, request_id: str, *, reason: str, member: MemberView, now: datetime
) -> None:
    """Have somebody look at what the member is asked, which is gone for the member from now on.

    Raises Invalid for an unknown reason, NotFound for what is over or not asked of them.
    """
    rules.check_reason(reason)
    link_id = service.enter(session, request_id, member, now)
    link = links.find(session, link_id) if link_id else None
    insert_ignore(
        session,
        OpinionReport,
        request_id=request_id,
        member_id=member.id,
        brand_id=member.brand_id,
        store_id=link.spot.store_id if link else None,
        reason=reason,
        reported_at=now,
    )
    service.put_away(session, request_id, member=member)


def reported(session: Session, *, seen_by: StaffView, now: datetime) -> list[ReportedView]:
    """What waits for a decision of this colleague's, the longest waiting first.

    Who works in one store sees what was asked from its rooms.
    """
    rows = session.execute(
        select(
            OpinionRequest.id,
            OpinionRequest.kind,
            OpinionRequest.words,
            OpinionReport.reason,
            OpinionReport.reported_at,
        )
        .join(OpinionReport, OpinionReport.request_id == OpinionRequest.id)
        .where(_is_seen_by(seen_by), queries.is_open(now))
        .order_by(OpinionReport.reported_at, OpinionRequest.id, OpinionReport.member_id)
    ).all()
    by_id: dict[str, ReportedView] = {}
    for row in rows:
        before = by_id.get(row.id)
        reasons = (*(before.reasons if before else ()), row.reason)
        at = before.reported_at if before else row.reported_at
        by_id[row.id] = ReportedView(row.id, row.kind, row.words, reasons, at)
    return list(by_id.values())[:MOST_SHOWN]


def count_reported(session: Session, *, seen_by: StaffView, now: datetime) -> int:
    """How many questions wait for a decision of this colleague's."""
    waiting = (
        select(func.count(func.distinct(OpinionReport.request_id)))
        .join(OpinionRequest, OpinionRequest.id == OpinionReport.request_id)
        .where(_is_seen_by(seen_by), queries.is_open(now))
    )
    return session.scalar(waiting) or 0


def end(session: Session, request_id: str, *, staff: StaffView) -> None:
    """End a reported question for everybody, with all that hangs on it.

    Raises NotFound for what is over, decided, or not theirs to decide.
    """
    theirs = select(OpinionReport.request_id).where(_is_seen_by(staff))
    which = (OpinionRequest.id == request_id, OpinionRequest.id.in_(theirs))
    found = session.scalars(select(OpinionRequest.id).where(*which).with_for_update()).all()
    if not service.remove(session, found):
        raise rules.opinion_not_found()


def dismiss(session: Session, request_id: str, *, staff: StaffView) -> None:
    """Leave a question as it is, and forget its reports; who reported it is not asked again.

    Raises NotFound as `end` does.
    """
    gone = session.scalars(
        delete(OpinionReport)
        .where(OpinionReport.request_id == request_id, _is_seen_by(staff))
        .returning(OpinionReport.request_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not gone:
        raise rules.opinion_not_found()


def export(session: Session, member_id: str) -> dict[str, Any]:
    """What a member reported of what they were asked, and is not over."""
    rows = session.execute(
        select(OpinionReport.reason, OpinionReport.reported_at)
        .where(OpinionReport.member_id == member_id)
        .order_by(OpinionReport.reported_at, OpinionReport.request_id)
    )
    return {"reported": [dict(row._mapping) for row in rows]}


def _is_seen_by(staff: StaffView) -> ColumnElement[bool]:
    here = OpinionReport.brand_id == staff.brand_id
    return here if staff.store_id is None else here & (OpinionReport.store_id == staff.store_id)
