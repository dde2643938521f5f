"""Planning campaigns, and giving what they give: each limit kept by one conditional statement."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.campaigns import queries
from loyalty.campaigns.definition import Definition, tell_campaign
from loyalty.campaigns.evaluate import Running, evaluate, of_paid
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.queries import CampaignView
from loyalty.campaigns.rules import Facts, Gift, Outcome
from loyalty.campaigns.running import running_now


def draft(
    session: Session,
    *,
    programme_id: str,
    definition: Definition,
    starts_at: datetime,
    ends_at: datetime | None,
    now: datetime,
) -> str:
    """Plan a campaign, which gives nothing yet; its id. Raises Conflict where its name is taken."""
    _check_times(starts_at, ends_at)
    campaign_id = new_id()
    is_new = insert_ignore(
        session,
        Campaign,
        id=campaign_id,
        programme_id=programme_id,
        state="draft",
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
        **_planned(definition),
    )
    if not is_new:
        raise Conflict("campaign_name_taken", "There is another campaign of this name.")
    return campaign_id


def plan_again(
    session: Session,
    campaign_id: str,
    *,
    programme_id: str,
    definition: Definition,
    starts_at: datetime,
    ends_at: datetime | None,
) -> CampaignView:
    """Change a draft. Raises NotFound, and Conflict once it was started or for a taken name."""
    _check_times(starts_at, ends_at)
    queries.get(session, campaign_id, programme_id=programme_id)
    taken = select(Campaign.id).where(
        Campaign.programme_id == programme_id,
        Campaign.name == definition.name,
        Campaign.id != campaign_id,
    )
    if session.scalar(taken):
        raise Conflict("campaign_name_taken", "There is another campaign of this name.")
    values = {**_planned(definition), "starts_at": starts_at, "ends_at": ends_at}
    _change(session, campaign_id, {"draft"}, values)
    return queries.get(session, campaign_id, programme_id=programme_id)


def start(session: Session, campaign_id: str, *, programme_id: str) -> CampaignView:
    """Let a campaign run from its start on; started twice, it just runs. Raises NotFound."""
    return _turn(session, campaign_id, programme_id, {"draft", "stopped", "started"}, "started")


def stop(session: Session, campaign_id: str, *, programme_id: str) -> CampaignView:
    """Let a campaign give nothing more; what it gave stays. Raises NotFound, and Conflict."""
    return _turn(session, campaign_id, programme_id, {"started", "stopped"}, "stopped")


def copy(session: Session, campaign_id: str, *, programme_id: str, name: str, now: datetime) -> str:
    """Plan the same again under another name; its id. Raises as `draft`, and NotFound."""
    view = queries.get(session, campaign_id, programme_id=programme_id)
    again = Definition(**{**_parts(view.definition), "name": name})
    return draft(
        session,
        programme_id=programme_id,
        definition=again,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        now=now,
    )


def simulate(session: Session, programme_id: str, facts: Facts, *, now: datetime) -> Outcome:
    """What `execute` would give just now, and why; nothing is written."""
    owner_id = facts.basket.owner_id
    return evaluate(running_now(session, programme_id, owner_id=owner_id, now=now), facts)


def execute(
    session: Session,
    programme_id: str,
    facts: Facts,
    *,
    source: str,
    now: datetime,
    is_paid: bool = False,
) -> Outcome:
    """Give what running campaigns give for a basket, once for each source.

    A campaign whose last use or money somebody else had meanwhile gives nothing, and the rest is
    worked out without it; what `is_paid` gets no discount. The same source again is told what it
    was given, without the reasons. Who calls pays all of it in the same transaction.
    """
    without: list[str] = []
    while True:
        # Asked again after a refusal: a twin of this call may have been what was in the way.
        given = queries.gifts_of(session, programme_id, source)
        if given:
            return Outcome(tuple(given), ())
        running = running_now(
            session, programme_id, owner_id=facts.basket.owner_id, now=now, without=without
        )
        running = [of_paid(one) for one in running] if is_paid else running
        outcome = evaluate(running, facts)
        refused = _give_all(session, running, outcome, facts, source, now)
        if not refused:
            return outcome
        without += refused


def take_back(session: Session, programme_id: str, source: str, *, now: datetime) -> int:
    """Undo what campaigns gave for a source, so that it counts for no limit any more.

    Tells how many this call undid. Who calls takes points, vouchers and discounts back.
    """
    found = session.scalars(
        update(CampaignUse)
        .where(
            CampaignUse.campaign_id.in_(
                select(Campaign.id).where(Campaign.programme_id == programme_id)
            ),
            CampaignUse.source == source,
            CampaignUse.taken_back_at.is_(None),
        )
        .values(taken_back_at=now)
        .returning(CampaignUse),
        execution_options={"synchronize_session": False},
    ).all()
    for use in sorted(found, key=lambda one: one.campaign_id):
        session.execute(
            update(Campaign)
            .where(Campaign.id == use.campaign_id, Campaign.uses > 0)
            .values(
                uses=Campaign.uses - 1,
                spent_minor=Campaign.spent_minor - use.discount_minor,
                spent_points=Campaign.spent_points - use.points,
            )
        )
    return len(found)


def disown(session: Session, owner_id: str) -> None:
    """Let go of whose the uses are; what they cost stays counted."""
    theirs = update(CampaignUse).where(CampaignUse.owner_id == owner_id)
    session.execute(theirs.values(owner_id=None, number=None))


def discard(session: Session, campaign_id: str, *, programme_id: str) -> None:
    """Throw a draft away. Raises NotFound, and Conflict for what was started."""
    queries.get(session, campaign_id, programme_id=programme_id)
    gone = session.execute(
        delete(Campaign).where(Campaign.id == campaign_id, Campaign.state == "draft")
    )
    assert isinstance(gone, CursorResult)
    if gone.rowcount != 1:
        raise Conflict("campaign_started", "Only a draft can be thrown away; stop it instead.")


def _give_all(
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


def _turn(
    session: Session, campaign_id: str, programme_id: str, before: set[str], state: str
) -> CampaignView:
    queries.get(session, campaign_id, programme_id=programme_id)
    _change(session, campaign_id, before, {"state": state})
    return queries.get(session, campaign_id, programme_id=programme_id)


def _change(session: Session, campaign_id: str, before: set[str], values: dict[str, Any]) -> None:
    changed = session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.state.in_(before))
        .values(**values)
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        raise Conflict("campaign_not_so", "The campaign is not in a state in which this can be.")


def _planned(definition: Definition) -> dict[str, Any]:
    limits = definition.limits
    return {
        "name": definition.name,
        "definition": tell_campaign(definition),
        "uses_limit": limits.uses,
        "budget_minor": limits.budget_minor,
        "budget_points": limits.budget_points,
    }


def _parts(definition: Definition) -> dict[str, Any]:
    return {name: getattr(definition, name) for name in Definition.__dataclass_fields__}


def _check_times(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        sentence = "It ends some time after it starts."
        raise Invalid("campaign_unclear", sentence, fields={"ends_at": [sentence]})
