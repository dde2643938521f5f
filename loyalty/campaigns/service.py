"""Planning campaigns, starting and stopping them, giving what they give and taking it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.campaigns import queries
from loyalty.campaigns.contradictions import check_sense
from loyalty.campaigns.definition import Definition, tell_campaign
from loyalty.campaigns.evaluate import evaluate, of_paid
from loyalty.campaigns.giving import Recipient, give_all
from loyalty.campaigns.models import Campaign, CampaignUse
from loyalty.campaigns.queries import CampaignView
from loyalty.campaigns.rules import Facts, Outcome
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
    """Plan a campaign, which gives nothing yet; its id.

    Raises Conflict where its name is taken, and Invalid where its conditions exclude each other.
    """
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
    seen: str | None = None,
) -> CampaignView:
    """Change a draft; one who `seen` an edition of it changes that one only.

    Raises NotFound, and Conflict once it was started, for a taken name or another edition.
    """
    _check_times(starts_at, ends_at)
    _check_seen(_held(session, campaign_id, programme_id), seen)
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


def start(
    session: Session,
    campaign_id: str,
    *,
    programme_id: str,
    now: datetime,
    seen: str | None = None,
) -> CampaignView:
    """Let a campaign run from its start on; started twice, it just runs.

    Raises NotFound, and Conflict where its end is over or it is not the edition that was `seen`.
    """
    view = _held(session, campaign_id, programme_id)
    _check_seen(view, seen)
    if view.ends_at is not None and view.ends_at <= now:
        raise Conflict("campaign_over", "Its end is over; give a draft or a copy another one.")
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
    claim_of: str | None = None,
) -> Outcome:
    """Give what running campaigns give for a basket, once for each source.

    A campaign whose last use or money somebody else had meanwhile gives nothing, and the rest is
    worked out without it. The same source again is told what it was given, without the reasons.
    What is the claim of another source is paid already and gets no discount; of one sale that is
    one use. Who calls pays all of it in the same transaction.
    """
    without: list[str] = []
    uses = queries.uses_of(session, programme_id, claim_of) if claim_of else []
    had = {use.campaign_id: use.id for use in uses}
    while True:
        # Asked again after a refusal: a twin of this call may have been what was in the way.
        given = queries.gifts_of(session, programme_id, source)
        if given:
            return Outcome(tuple(given), ())
        running = running_now(
            session, programme_id, owner_id=facts.basket.owner_id, now=now, without=without
        )
        if claim_of:
            running = [of_paid(one, is_counted=one.id in had) for one in running]
        outcome = evaluate(running, facts)
        to = Recipient(source, facts.basket.owner_id, had, now)
        refused = give_all(session, running, outcome, to)
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
            .where(Campaign.id == use.campaign_id, _is_counted())
            .values(
                uses=Campaign.uses - (0 if use.completes_id else 1),
                spent_minor=Campaign.spent_minor - use.discount_minor,
                spent_points=Campaign.spent_points - use.points,
            )
        )
    return len(found)


def _is_counted() -> ColumnElement[bool]:
    """Whether a campaign counts what it gives; one without limits has nothing to take off."""
    return or_(Campaign.uses > 0, Campaign.spent_minor > 0, Campaign.spent_points > 0)


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


def _held(session: Session, campaign_id: str, programme_id: str) -> CampaignView:
    """The campaign, which nobody else changes until this transaction ends. Raises NotFound."""
    session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)
    return queries.get(session, campaign_id, programme_id=programme_id)


def _check_seen(view: CampaignView, seen: str | None) -> None:
    if seen is not None and seen != queries.edition(view):
        sentence = "Somebody changed this draft since you opened it."
        raise Conflict("campaign_changed", sentence)


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
    check_sense(definition)
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
