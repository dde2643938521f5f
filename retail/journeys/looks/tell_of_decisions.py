"""Tell owners of looks what was decided: on their likes, on their appeals, on the wall."""

from datetime import datetime

from sqlalchemy.orm import Session

from retail.consent.rules import DECISIONS_NEWS
from retail.fairness import queries as fairness
from retail.note_page import subjects
from retail.notifications.service import notify
from retail.wall import queries as wall

CASE_JOB, APPEAL_JOB, WALL_JOB = "tell_of_case", "tell_of_appeal", "tell_of_wall"


def tell_of_case(session: Session, case_id: str, *, now: datetime) -> None:
    """Note for each stylist of a decided case whether the likes count."""
    members = fairness.stylists_of(session, case_id)
    _tell(session, members, fairness.find_brand(session, case_id), subjects.of_case(case_id), now)


def tell_of_appeal(session: Session, case_id: str, *, now: datetime) -> None:
    """Note for whoever appealed against a case, and has an answer, that it is there."""
    members = fairness.answered_appeals(session, case_id)
    _tell(session, members, fairness.find_brand(session, case_id), subjects.of_appeal(case_id), now)


def tell_of_wall(session: Session, outfit_id: str, *, now: datetime) -> None:
    """Note for the owner of a look that it went off the wall, waits, or hangs; never who asked."""
    post = wall.find_own_post(session, outfit_id)
    if post is None or not post.is_news:
        return
    subject = subjects.of_post(outfit_id, post.changed_at)
    _tell(session, [post.member_id], post.brand_id, subject, now, state=post.state)


def _tell(
    session: Session,
    member_ids: list[str],
    brand_id: str | None,
    subject: str,
    now: datetime,
    **data: str,
) -> None:
    for member_id in member_ids if brand_id else ():
        notify(
            session,
            member_id=member_id,
            brand_id=str(brand_id),
            purpose=DECISIONS_NEWS,
            subject=subject,
            data=data,
            now=now,
        )
