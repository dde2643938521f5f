"""Writes of fair play: rules, cases of review and their decisions, appeals."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden
from core.ids import new_id
from core.outbox import emit, enqueue
from core.sql import insert_ignore
from retail.fairness import queries, rules
from retail.fairness.events import AppealAnswered, AppealMade, CaseDecided, LikesHeldBack
from retail.fairness.models import Appeal, FairRules, LikeScan, ReviewCase
from retail.fairness.rules import FairPlay, Suspicion
from retail.social import review

SCAN_JOB = "scan_likes"
# Long enough to see likes together, short enough for a board that people watch.
SCAN_AFTER = timedelta(seconds=60)


def ask_for_scan(session: Session, brand_id: str, *, now: datetime) -> bool:
    """Have a brand's likes looked at in a minute, unless that is due already."""
    if not insert_ignore(session, LikeScan, brand_id=brand_id, is_waiting=True):
        asked = session.execute(
            update(LikeScan)
            .where(LikeScan.brand_id == brand_id, LikeScan.is_waiting.is_(False))
            .values(is_waiting=True)
        )
        assert isinstance(asked, CursorResult)
        if asked.rowcount == 0:
            return False
    return enqueue(session, SCAN_JOB, {"brand_id": brand_id}, due_at=now + SCAN_AFTER)


def begin_scan(session: Session, brand_id: str) -> None:
    """From here on, what is liked asks for a scan of its own."""
    session.execute(update(LikeScan).where(LikeScan.brand_id == brand_id).values(is_waiting=False))


def set_rules(
    session: Session, brand_id: str, changes: dict[str, int | bool], *, now: datetime
) -> FairPlay:
    """Change a brand's rules from now on; gives the next version. Raises Invalid."""
    play = rules.changed(queries.rules_of(session, brand_id), changes)
    session.add(
        FairRules(brand_id=brand_id, version=play.version, rules=rules.to_json(play), set_at=now)
    )
    session.flush()
    return play


def hold_back(
    session: Session,
    brand_id: str,
    suspicion: Suspicion,
    *,
    play: FairPlay,
    now: datetime,
) -> str | None:
    """Hold likes back as a case of review, with its evidence; None where none of them scored."""
    case_id = new_id()
    held = review.hold(session, brand_id, list(suspicion.likes), case_id=case_id)
    if held == 0:
        return None
    session.add(
        ReviewCase(
            id=case_id,
            brand_id=brand_id,
            kind=suspicion.kind,
            state="open",
            rules_version=play.version,
            evidence={**suspicion.evidence, "likes_held": held},
            opened_at=now,
            answer_by=now + timedelta(days=play.review_days),
        )
    )
    session.flush()
    emit(session, LikesHeldBack(case_id), topics=[f"reviews:{brand_id}"])
    return case_id


def decide(
    session: Session,
    case_id: str,
    *,
    brand_id: str,
    staff_id: str,
    is_fair: bool,
    reason: str,
    now: datetime,
) -> None:
    """Clear a case's likes, which then score, or remove them from scores for good; once.

    Raises NotFound, Invalid without a reason, and Conflict where somebody decided before.
    """
    queries.get_case(session, case_id, brand_id=brand_id)
    words = rules.clean_words(reason, "reason", rules.REASON_LENGTH)
    state: Literal["cleared", "removed"] = "cleared" if is_fair else "removed"
    decided = session.execute(
        update(ReviewCase)
        .where(ReviewCase.id == case_id, ReviewCase.state == "open")
        .values(state=state, decided_at=now, decided_by=staff_id, reason=words)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(decided, CursorResult)
    if decided.rowcount == 0:
        raise Conflict("case_decided", "Somebody has decided on this already.")
    review.settle(session, brand_id, case_id, verdict=state)
    emit(session, CaseDecided(case_id), topics=[f"reviews:{brand_id}"])


def appeal(
    session: Session, case_id: str, *, member_id: str, brand_id: str, words: str, now: datetime
) -> None:
    """Ask for a second look at likes of one's own that were removed; once for each case.

    Raises NotFound for a case that does not concern the member, Invalid without words, Conflict
    where it was asked before.
    """
    if case_id not in {case.id for case in queries.cases_of(session, member_id) if case.removed}:
        raise queries.case_not_found()
    asked = rules.clean_words(words, "words", rules.APPEAL_LENGTH)
    keys = {"case_id": case_id, "member_id": member_id, "brand_id": brand_id}
    if not insert_ignore(session, Appeal, **keys, words=asked, appealed_at=now):
        raise Conflict("appealed_before", "You asked for a second look already. It’s under way.")
    emit(session, AppealMade(case_id), topics=[f"reviews:{brand_id}"])


def answer(
    session: Session,
    case_id: str,
    member_id: str,
    *,
    brand_id: str,
    staff_id: str,
    is_upheld: bool,
    reason: str,
    now: datetime,
) -> None:
    """Answer an appeal, as somebody other than who decided; upheld, the stylist's likes score.

    Raises NotFound, Invalid without a reason, Forbidden for who decided, Conflict where answered.
    """
    case = queries.get_case(session, case_id, brand_id=brand_id)
    if case.decided_by == staff_id:
        raise Forbidden("needs_another", "You decided this. Somebody else answers the appeal.")
    words = rules.clean_words(reason, "reason", rules.REASON_LENGTH)
    answered = session.execute(
        update(Appeal)
        .where(
            Appeal.case_id == case_id,
            Appeal.member_id == member_id,
            Appeal.answered_at.is_(None),
        )
        .values(answered_at=now, answered_by=staff_id, is_upheld=is_upheld, answer=words)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(answered, CursorResult)
    if answered.rowcount == 0:
        raise Conflict("appeal_answered", "There is no appeal here that waits for an answer.")
    if is_upheld:
        review.settle(session, brand_id, case_id, verdict="cleared", stylist_id=member_id)
    emit(session, AppealAnswered(case_id), topics=[f"reviews:{brand_id}"])


def erase(session: Session, member_id: str) -> None:
    """Delete a member's appeals; cases name nobody."""
    session.execute(delete(Appeal).where(Appeal.member_id == member_id))
