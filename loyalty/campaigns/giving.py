"""Writing what campaigns give for a source: each limit kept by one conditional statement."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.sql import insert_ignore
from loyalty.campaigns.evaluate import Running
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.rules import Gift, Outcome


@dataclass(frozen=True)
class Recipient:
    """For what and to whom campaigns give, and when; `had` are uses that the same sale took."""

    source: str
    owner_id: str | None
    had: Mapping[str, str]
    at: datetime


def give_all(
    session: Session, running: Iterable[Running], outcome: Outcome, to: Recipient
) -> list[str]:
    """Write every gift, or none; gives the campaigns that could not give theirs."""
    by_id = {campaign.id: campaign for campaign in running}
    savepoint = session.begin_nested()
    # Always in one order, so that two sales at once wait for each other and never in a circle.
    for gift in sorted(outcome.gifts, key=lambda one: one.campaign_id):
        if not _give(session, by_id[gift.campaign_id], gift, to):
            savepoint.rollback()
            return [gift.campaign_id]
    savepoint.commit()
    return []


def _give(session: Session, campaign: Running, gift: Gift, to: Recipient) -> bool:
    limits, number = campaign.definition.limits, None
    completes = to.had.get(campaign.id)
    if not limits.are_none and not _count(session, campaign.id, gift, uses=0 if completes else 1):
        return False
    if limits.uses_each is not None:
        # The row is locked now, so nobody else takes the same number.
        number = _free_number(session, campaign.id, to.owner_id)
        if number > limits.uses_each:
            return False
    return insert_ignore(
        session,
        CampaignUse,
        id=new_id(),
        campaign_id=campaign.id,
        source=to.source,
        owner_id=to.owner_id,
        number=number,
        discount_minor=gift.discount_minor,
        points=gift.points,
        effects=[asdict(effect) for effect in gift.effects],
        used_at=to.at,
        completes_id=completes,
    )


def _count(session: Session, campaign_id: str, gift: Gift, *, uses: int) -> bool:
    spent_minor = Campaign.spent_minor + gift.discount_minor
    spent_points = Campaign.spent_points + gift.points
    counted = session.execute(
        update(Campaign)
        .where(
            Campaign.id == campaign_id,
            Campaign.state == "started",
            or_(Campaign.uses_limit.is_(None), Campaign.uses + uses <= Campaign.uses_limit),
            or_(Campaign.budget_minor.is_(None), spent_minor <= Campaign.budget_minor),
            or_(Campaign.budget_points.is_(None), spent_points <= Campaign.budget_points),
        )
        .values(uses=Campaign.uses + uses, spent_minor=spent_minor, spent_points=spent_points)
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
