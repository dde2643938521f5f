"""Writes of who was, or would have been, spoken to of a stylist."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from core.sql import insert_ignore
from loyalty.experiments.rules import Assignment
from retail.influence.models import InfluenceAudience
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


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what is older than anybody may ask for."""
    before = (now - KEPT).date()
    session.execute(delete(InfluenceAudience).where(InfluenceAudience.month_on < before))


def erase(session: Session, member_id: str) -> None:
    """Forget whom a member was spoken of to, and who was spoken of to them."""
    mine = or_(InfluenceAudience.member_id == member_id, InfluenceAudience.stylist_id == member_id)
    session.execute(delete(InfluenceAudience).where(mine))
