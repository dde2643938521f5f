"""Writes of the wall: posts as looks are shown, reports, decisions and appeals."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, TooMany
from core.ids import new_id
from core.outbox import emit
from core.sql import close_gate, insert_ignore
from retail.staff.queries import StaffView
from retail.wall import queries, rules
from retail.wall.events import WallPostHeld, WallPostReported, WallPostShown
from retail.wall.models import WallDecision, WallPost, WallReport
from retail.wall.queries import PostView
from retail.wall.rules import Change, State
from retail.wall_rules import queries as wall_rules
from retail.wall_rules.rules import has_banned


def post(
    session: Session,
    outfit_id: str,
    *,
    brand_id: str,
    store_id: str,
    member_id: str,
    caption: str,
    now: datetime,
) -> str:
    """Hang a look that was shown to everyone, if nothing speaks against it; gives its state.

    One that was posted before stays as people left it: showing it again lets nothing through.
    """
    reason = _reason_to_wait(session, brand_id, caption)
    is_new = insert_ignore(
        session,
        WallPost,
        outfit_id=outfit_id,
        brand_id=brand_id,
        store_id=store_id,
        member_id=member_id,
        caption=caption,
        is_passed=False,
        state=rules.WAITING if reason else rules.SHOWN,
        reason=reason,
        posted_at=now,
        changed_at=now,
        asks_again=False,
        version=1,
    )
    if not is_new:
        reword(session, outfit_id, caption, now=now)
    return session.execute(
        select(WallPost.state).where(WallPost.outfit_id == outfit_id)
    ).scalar_one()


def reword(session: Session, outfit_id: str, caption: str, *, now: datetime) -> None:
    """Take note of new words on a look, which wait where banned ones are among them.

    Whatever somebody is just deciding on has then changed under their hands.
    """
    changed = session.execute(
        update(WallPost)
        .where(WallPost.outfit_id == outfit_id, WallPost.caption != caption)
        .values(caption=caption, is_passed=False, version=WallPost.version + 1)
        .returning(WallPost.brand_id, WallPost.store_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        return
    reason = _reason_to_wait(session, changed.brand_id, caption)
    if reason:
        _hold(session, [outfit_id], reason, now=now)


def report(
    session: Session, outfit_id: str, *, member_id: str, owner_id: str, now: datetime
) -> None:
    """Ask for somebody to look at a look; a second time changes nothing.

    The look must be one that the member may see. Raises Invalid for one's own, TooMany after
    twenty within a day.
    """
    if member_id == owner_id:
        raise Invalid("own_look", "It’s your own look. Put it away if it shouldn’t hang.")
    # Counting and inserting must be one step, or reports at once would all count nineteen.
    close_gate(session, rules.reports_gate(member_id))
    today = (WallReport.member_id == member_id) & (WallReport.reported_at > now - rules.DAY)
    if session.scalar(select(func.count()).where(today)) >= rules.REPORTS_A_DAY:  # type: ignore[operator]
        raise TooMany(
            "too_many_reports",
            "That’s many reports for one day. We’ll look at those first.",
            retry_after_seconds=int(rules.DAY.total_seconds()),
        )
    brand_id = session.scalar(select(WallPost.brand_id).where(WallPost.outfit_id == outfit_id))
    if brand_id is None:
        raise queries.post_not_found()
    row = {"outfit_id": outfit_id, "member_id": member_id, "brand_id": brand_id}
    if insert_ignore(session, WallReport, **row, reported_at=now) and _is_enough(
        session, outfit_id, brand_id
    ):
        emit(session, WallPostReported(outfit_id), topics=[f"brand:{brand_id}"])


def decide(
    session: Session,
    outfit_id: str,
    *,
    staff: StaffView,
    verdict: str,
    reason: str | None = None,
    note: str = "",
    expected_version: int,
    now: datetime,
) -> str:
    """Hide a look or let it hang, and settle its reports; gives the decision's id.

    Raises NotFound for what is not theirs, Invalid for hiding without a reason, Conflict where
    somebody decided first or the owner changed the words.
    """
    tidy = rules.check_decision(verdict, reason, note)
    known = queries.get_post(session, outfit_id, seen_by=staff)
    new = State(rules.HIDDEN, reason) if verdict == rules.HIDE else State(rules.SHOWN, None)
    change = Change(verdict, new, tidy, expected_version)
    decision_id = _carry_out(session, known, staff, change, now=now)
    session.execute(
        update(WallReport)
        .where(WallReport.outfit_id == outfit_id, WallReport.settled_at.is_(None))
        .values(settled_at=now)
    )
    return decision_id


def undo(session: Session, decision_id: str, *, staff: StaffView, now: datetime) -> str:
    """Put a post back to how it was before its newest decision; gives the outfit's id.

    Raises NotFound, and Conflict where anything happened to it since.
    """
    row = session.get(WallDecision, decision_id)
    if row is None or row.staff_id is None:
        raise queries.post_not_found()
    known = queries.get_post(session, row.outfit_id, seen_by=staff)
    before = State(row.state_before, row.reason_before)
    _carry_out(session, known, staff, Change(rules.UNDO, before, "", row.version), now=now)
    # Reports that this decision settled wait again.
    session.execute(
        update(WallReport)
        .where(WallReport.outfit_id == row.outfit_id, WallReport.settled_at == row.decided_at)
        .values(settled_at=None)
    )
    return row.outfit_id


def appeal(session: Session, outfit_id: str, *, member_id: str, now: datetime) -> None:
    """Let the owner of a hidden look ask for another look, once.

    Raises NotFound for everybody else's, Conflict where it is not hidden or they asked before.
    """
    mine = (WallPost.outfit_id == outfit_id) & (WallPost.member_id == member_id)
    asked = session.execute(
        update(WallPost)
        .where(mine, WallPost.state == rules.HIDDEN, WallPost.appealed_at.is_(None))
        .values(appealed_at=now, asks_again=True, version=WallPost.version + 1)
        .returning(WallPost.brand_id, WallPost.reason, WallPost.version)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if asked is None:
        if session.scalar(select(WallPost.state).where(mine)) is None:
            raise queries.post_not_found()
        raise Conflict("appeal_not_open", "You can ask once, while a look is off the wall.")
    _add_decision(
        session,
        brand_id=asked.brand_id,
        outfit_id=outfit_id,
        verdict=rules.APPEAL,
        reason=asked.reason,
        state_before=rules.HIDDEN,
        state_after=rules.HIDDEN,
        reason_before=asked.reason,
        version=asked.version,
        decided_at=now,
    )


def sweep(session: Session, brand_id: str, word: str, *, now: datetime) -> int:
    """Have every look that hangs with the word wait, also what was let through before it."""
    hanging = session.execute(
        select(WallPost.outfit_id, WallPost.caption).where(
            WallPost.brand_id == brand_id, WallPost.state == rules.SHOWN, WallPost.caption != ""
        )
    )
    found = [outfit_id for outfit_id, caption in hanging if has_banned(caption, {word})]
    _hold(session, found, rules.WORDS, now=now)
    return len(found)


def erase(session: Session, member_id: str) -> None:
    """Delete a member's posts with their histories, and the reports that they made."""
    own = select(WallPost.outfit_id).where(WallPost.member_id == member_id)
    session.execute(delete(WallReport).where(WallReport.member_id == member_id))
    session.execute(delete(WallReport).where(WallReport.outfit_id.in_(own)))
    session.execute(delete(WallDecision).where(WallDecision.outfit_id.in_(own)))
    session.execute(delete(WallPost).where(WallPost.member_id == member_id))


def _reason_to_wait(session: Session, brand_id: str, caption: str) -> str | None:
    banned = {word.folded for word in wall_rules.banned_words(session, brand_id)}
    if has_banned(caption, banned):
        return rules.WORDS
    return rules.FIRST_LOOK if wall_rules.rules_of(session, brand_id).checks_first else None


def _hold(session: Session, outfit_ids: Iterable[str], reason: str, *, now: datetime) -> None:
    """Have those of the posts wait that hang; what people hid stays hidden."""
    for outfit_id in outfit_ids:
        held = session.execute(
            update(WallPost)
            .where(WallPost.outfit_id == outfit_id, WallPost.state == rules.SHOWN)
            .values(
                state=rules.WAITING,
                reason=reason,
                is_passed=False,
                changed_at=now,
                version=WallPost.version + 1,
            )
            .returning(WallPost.brand_id, WallPost.store_id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if held is not None:
            topics = _topics(outfit_id, held.brand_id, held.store_id)
            emit(session, WallPostHeld(outfit_id), topics=topics)


def _carry_out(
    session: Session, before: PostView, staff: StaffView, change: Change, *, now: datetime
) -> str:
    """Bring a post into another state, if it is still as somebody saw it, and remember who did."""
    outfit_id, state, reason = before.outfit_id, *change.to
    changed = session.execute(
        update(WallPost)
        .where(WallPost.outfit_id == outfit_id, WallPost.version == change.expected_version)
        .values(
            state=state,
            reason=reason,
            is_passed=change.verdict == rules.SHOW,
            changed_at=now,
            asks_again=False,
            version=change.expected_version + 1,
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        raise rules.decided_already()
    happened = WallPostShown if state == rules.SHOWN else WallPostHeld
    topics = _topics(outfit_id, staff.brand_id, before.store_id)
    emit(session, happened(outfit_id), topics=topics)
    return _add_decision(
        session,
        brand_id=staff.brand_id,
        outfit_id=outfit_id,
        staff_id=staff.id,
        verdict=change.verdict,
        reason=reason,
        note=change.note,
        state_before=before.state,
        state_after=state,
        reason_before=before.reason,
        version=change.expected_version + 1,
        decided_at=now,
    )


def _add_decision(session: Session, **values: Any) -> str:
    decision = WallDecision(id=new_id(), **values)
    session.add(decision)
    session.flush()
    return decision.id


def _topics(outfit_id: str, brand_id: str, store_id: str) -> list[str]:
    return [f"outfit:{outfit_id}", f"brand:{brand_id}", f"store:{store_id}"]


def _is_enough(session: Session, outfit_id: str, brand_id: str) -> bool:
    reports = session.scalar(
        select(func.count()).where(
            WallReport.outfit_id == outfit_id, WallReport.settled_at.is_(None)
        )
    )
    return (reports or 0) >= wall_rules.rules_of(session, brand_id).reports_for_review
