"""Settle a doubted prize: it stands, or it is taken back with all that it brought; once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict
from core.outbox import emit, enqueue
from loyalty.ledger import reversals
from loyalty.prizes import doubts
from loyalty.prizes import queries as prizes
from loyalty.prizes.doubts import Verdict
from loyalty.prizes.rules import AwardView
from loyalty.vouchers import service as vouchers
from retail.access_log import service as access_log
from retail.brands import queries as brands
from retail.fairness.rules import REASON_LENGTH, clean_words
from retail.journeys.league.give_prize import DUE_JOB, PrizeSettled, pass_on
from retail.journeys.points.earn_points import SEASON_WON, take_back_deed

PRIZE_BACK = "prize_back"


@dataclass(frozen=True)
class PrizeStands:
    """Somebody said that a doubted prize stays its winner's."""

    award_id: str


def settle_doubt(
    session: Session,
    award_id: str,
    *,
    brand_id: str,
    staff_id: str,
    role: str,
    verdict: Verdict,
    reason: str,
    now: datetime,
    key: bytes,
) -> AwardView:
    """Say whether a doubted prize stands or is taken back, with the reason its winner reads.

    Taken back, points go even where they were spent, a voucher ends, and the next in line gets
    what its season passes on. Raises Invalid without a reason, NotFound, and Conflict where it was
    decided before or the voucher was used meanwhile.
    """
    words = clean_words(reason, "reason", REASON_LENGTH)
    before = prizes.get_award(session, award_id, programme_id=brand_id)
    view = doubts.settle(
        session,
        award_id,
        programme_id=brand_id,
        verdict=verdict,
        by_id=staff_id,
        reason=words,
        zone=brands.get_brand(session, brand_id).zone,
        now=now,
    )
    _log_look(session, view, staff_id, role, now)
    if verdict == "stands":
        _go_on(session, view)
    else:
        _take_back(session, before, now=now, key=key)
    return view


def _log_look(session: Session, view: AwardView, staff_id: str, role: str, now: datetime) -> None:
    access_log.record(
        session,
        member_id=view.owner_id,
        brand_id=view.programme_id,
        viewer_kind=role,
        viewer_id=staff_id,
        purpose="prize_review",
        what="league",
        now=now,
    )


def _go_on(session: Session, view: AwardView) -> None:
    if view.state == "open" and view.claim_until is not None:
        job_key = f"{DUE_JOB}:{view.id}:{view.claim_until.timestamp():.0f}"
        due_at = view.claim_until
        enqueue(session, DUE_JOB, {"award_id": view.id}, due_at=due_at, key=job_key)
    emit(session, PrizeStands(view.id), topics=[f"member:{view.owner_id}"])


def _take_back(session: Session, before: AwardView, *, now: datetime, key: bytes) -> None:
    """Undo what giving did; `before` is the award as it was doubted."""
    programme_id = before.programme_id
    if before.state == "given" and before.worth.kind == "points":
        reversals.reverse(
            session,
            programme_id=programme_id,
            of=before.source,
            source=f"{PRIZE_BACK}:{before.id}",
            reason=PRIZE_BACK,
            now=now,
        )
    elif before.state == "given" and not vouchers.take_back(
        session, programme_id=programme_id, source=before.source, now=now
    ):
        raise Conflict("prize_used", "The voucher was used or ran out meanwhile. Let it stand.")
    if (before.place, before.turn) == (1, 0):
        # What the terms gave whoever came first, beside the prize.
        won = f"{SEASON_WON}:{before.contest_id}"
        take_back_deed(
            session, brand_id=programme_id, member_id=before.owner_id, source=won, now=now
        )
    emit(session, PrizeSettled(before.id), topics=[f"member:{before.owner_id}"])
    pass_on(session, before, now=now, key=key)
