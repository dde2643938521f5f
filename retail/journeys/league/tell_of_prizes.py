"""Tell winners of a prize: it is theirs, is doubted, runs out soon, is lost; once each."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import AwardView
from retail.consent.rules import PRIZES_NEWS
from retail.note_page import outcomes, subjects
from retail.notifications.service import notify

JOB, ENDING_JOB, END_JOB = "tell_of_prize", "tell_of_prize_ending", "tell_of_prize_end"
DOUBT_JOB = "tell_of_prize_doubt"
# What winners do themselves, or have done at a till, is no news to them.
_LOST = ("expired", "passed_on", "withheld", "taken_back")


def tell_of_prize(session: Session, award_id: str, *, now: datetime) -> bool:
    """Note for its winner that a prize is theirs from now on; tells whether that is new."""
    award = prizes.find_award(session, award_id)
    return award is not None and _tell(session, award, award_id, now)


def tell_of_prize_ending(session: Session, award_id: str, *, now: datetime) -> bool:
    """Note for its winner that a prize runs out soon, if it still can be claimed or used."""
    award = prizes.find_award(session, award_id)
    if award is None or outcomes.runs_out_at(session, award, now=now) is None:
        return False
    return _tell(session, award, subjects.of_ending_prize(award_id), now)


def tell_of_prize_doubt(session: Session, award_id: str, *, now: datetime) -> bool:
    """Note for its winner that somebody looks at a prize again, as long as nobody has decided."""
    award = prizes.find_award(session, award_id)
    if award is None or not award.is_doubted:
        return False
    return _tell(session, award, subjects.of_doubted_prize(award_id), now)


def tell_of_prize_end(session: Session, award_id: str, *, now: datetime) -> bool:
    """Note for its winner that a prize was kept or taken back, passed on or ran out."""
    award = prizes.find_award(session, award_id)
    if award is None or award.state not in _LOST:
        return False
    return _tell(session, award, subjects.of_lost_prize(award_id), now)


def _tell(session: Session, award: AwardView, subject: str, now: datetime) -> bool:
    return notify(
        session,
        member_id=award.owner_id,
        brand_id=award.programme_id,
        purpose=PRIZES_NEWS,
        subject=subject,
        now=now,
    )
