"""Reads of fair play: rules, the queue of reviews, appeals, and what a stylist is told."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from retail.fairness import rules
from retail.fairness.models import FairRules
from retail.fairness.rules import FairPlay


def rules_of(session: Session, brand_id: str) -> FairPlay:
    """The rules of a brand in force: its newest version, or those of who set none."""
    row = session.execute(
        select(FairRules.rules, FairRules.version)
        .where(FairRules.brand_id == brand_id)
        .order_by(FairRules.version.desc())
        .limit(1)
    ).one_or_none()
    return FairPlay() if row is None else rules.from_json(row.rules, row.version)
