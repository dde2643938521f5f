"""Tell winners of their prizes: once when one is theirs, once when it is lost to them."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.prizes import queries as prizes
from loyalty.prizes.rules import AwardView
from retail.consent.rules import PRIZES_NEWS
from retail.notifications.service import notify

JOB, END_JOB = "tell_of_prize", "tell_of_prize_end"
# What winners do themselves, or have done at a till, is no news to them.
_LOST = ("expired", "passed_on", "withheld")


def tell_of_prize(session: Session, award_id: str, *, now: datetime) -> bool:
    """Note for its winner that a prize is theirs from now on; tells whether that is new."""
    award = prizes.find_award(session, award_id)
    return award is not None and _tell(session, award, award_id, now)


def tell_of_prize_end(session: Session, award_id: str, *, now: datetime) -> bool:
    """Note for its winner that a prize was kept back, passed on or ran out, and nothing else."""
    award = prizes.find_award(session, award_id)
    if award is None or award.state not in _LOST:
        return False
    return _tell(session, award, f"{award_id}.over", now)


def _tell(session: Session, award: AwardView, subject: str, now: datetime) -> bool:
    return notify(
        session,
        member_id=award.owner_id,
        brand_id=award.programme_id,
        purpose=PRIZES_NEWS,
        subject=subject,
        now=now,
    )
