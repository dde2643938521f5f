"""Writing what campaigns give for a basket: each limit kept by one conditional statement."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.sql import insert_ignore
from loyalty.campaigns.evaluate import Running
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.rules import Facts, Gift, Outcome


def give_all(
    session: Session,
    running: list[Running],
    outcome: Outcome,
    facts: Facts,
    source: str,
    now: datetime,
) -> list[str]:
    """Write every gift, or none; gives the campaigns that could not give theirs."""
    by_id = {campaign.id: campaign for campaign in running}
    savepoint = session.begin_nested()
    # Always in one order, so that two sales at once wait for each other and never in a circle.
    for gift in sorted(outcome.gifts, key=lambda one: one.campaign_id):
        if not _give(session, by_id[gift.campaign_id], gift, facts, source, now):
            savepoint.rollback()
            return [gift.campaign_id]
    savepoint.commit()
    return []


def _give(
    session: Session, campaign: Running, gift: Gift, facts: Facts, source: str, now: datetime
) -> bool:
    limits, owner_id, number = campaign.definition.limits, facts.basket.owner_id, None
    if not limits.are_none and not _count(session, campaign.id, gift):
        return False
    if limits.uses_each is not None:
        # The row is locked now, so nobody else takes the same number.
        number = _free_number(session, campaign.id, owner_id)
        if number > limits.uses_each:
            return False
    return insert_ignore(
        session,
        CampaignUse,
        id=new_id(),
        campaign_id=campaign.id,
        source=source,
        owner_id=owner_id,
        number=number,
        discount_minor=gift.discount_minor,
        points=gift.points,
        effects=[asdict(effect) for effect in gift.effects],
        used_at=now,
    )


def _count(session: Session, campaign_id: str, gift: Gift) -> bool:
    spent_minor = Campaign.spent_minor + gift.discount_minor
    spent_points = Campaign.spent_points + gift.points
    counted = session.execute(
        update(Campaign)
        .where(
            Campaign.id == campaign_id,
            Campaign.state == "started",
            or_(Campaign.uses_limit.is_(None), Campaign.uses < Campaign.uses_limit),
            or_(Campaign.budget_minor.is_(None), spent_minor <= Campaign.budget_minor),
            or_(Campaign.budget_points.is_(None), spent_points <= Campaign.budget_points),
        )
        .values(uses=Campaign.uses + 1, spent_minor=spent_minor, spent_points=spent_points)
    )
    assert isinstance(counted, CursorResult)
    return counted.rowcount == 1


def _free_number(session: Session, campaign_id: str, owner_id: str | None) -> int:
    taken = set(
        session.scalars(
            select(CampaignUse.number).where(
                CampaignUse.campaign_id == campaign_id,
                CampaignUse.owner_id == owner_id,
                CampaignUse.taken_back_at.is_(None),
            )
        )
    )
    return next(number for number in range(1, len(taken) + 2) if number not in taken)
