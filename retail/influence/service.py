"""Writes of who was, or would have been, spoken to of a stylist, and of how sales are credited."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.sql import insert_ignore, upsert
from loyalty.experiments.rules import Assignment
from retail.influence import queries
from retail.influence.models import InfluenceAudience, InfluenceWindow
from retail.influence.periods import FEWEST_DAYS, MOST_DAYS, following_month
from retail.influence.rules import Month

# Half a year is told of, and the month that runs.
KEPT = timedelta(days=7 * 31)


def note_audience(
    session: Session,
    experiment_id: str,
    assignment: Assignment,
    *,
    brand_id: str,
    stylist_ids: Iterable[str],
    month: Month,
    now: datetime,
) -> None:
    """Note for whom it was decided whether these stylists may be spoken of; once in a month."""
    for stylist_id in sorted(stylist_ids):
        insert_ignore(
            session,
            InfluenceAudience,
            experiment_id=experiment_id,
            stylist_id=stylist_id,
            month_on=month.on,
            member_id=assignment.owner_id,
            brand_id=brand_id,
            cluster_id=assignment.cluster_id,
            arm=assignment.arm,
            first_at=now,
        )


def choose_window(
    session: Session, brand_id: str, days: int, *, today: date, usual_days: int, now: datetime
) -> date:
    """Credit sales by another window from next month on; gives the first day of that.

    What runs and what is over keep theirs: nobody sees one month by two windows. Chosen anew before
    it begins, the last word counts. Raises Invalid for a senseless number of days.
    """
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        problem = f"Write a number of days from {FEWEST_DAYS} to {MOST_DAYS}."
        raise Invalid("window_unclear", problem, fields={"days": [problem]})
    month_on = following_month(today)
    keys = {"brand_id": brand_id, "month_on": month_on}
    if queries.windows_of(session, brand_id, usual_days=usual_days).days_in(today) == days:
        session.execute(delete(InfluenceWindow).filter_by(**keys))
    else:
        upsert(session, InfluenceWindow, keys, days=days, chosen_at=now)
    return month_on


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what is older than anybody may ask for."""
    before = (now - KEPT).date()
    session.execute(delete(InfluenceAudience).where(InfluenceAudience.month_on < before))


def erase(session: Session, member_id: str) -> None:
    """Forget whom a member was spoken of to, and who was spoken of to them."""
    mine = or_(InfluenceAudience.member_id == member_id, InfluenceAudience.stylist_id == member_id)
    session.execute(delete(InfluenceAudience).where(mine))
