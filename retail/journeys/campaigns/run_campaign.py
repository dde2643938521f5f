"""Start and stop a campaign, and with it the experiment that measures what it does."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns import service as campaigns
from loyalty.campaigns.queries import CampaignView
from loyalty.experiments import queries, service
from retail.journeys.campaigns.keep_back import treatment_of


def start_campaign(
    session: Session,
    campaign_id: str,
    *,
    programme_id: str,
    now: datetime,
    seen: str | None = None,
) -> CampaignView:
    """Let a campaign run; one with a holdout is measured from its start to its end.

    Started again, whoever was kept back stays so. Raises as `start`, and Conflict where another
    experiment has its name.
    """
    view = campaigns.start(session, campaign_id, programme_id=programme_id, now=now, seen=seen)
    if not view.definition.holdout:
        return view
    if queries.find(session, view.id, programme_id=programme_id) is not None:
        service.resume(session, view.id, programme_id=programme_id, ends_at=view.ends_at)
        return view
    service.start(
        session,
        programme_id=programme_id,
        name=view.name,
        treatment=treatment_of(view.id),
        holdout=view.definition.holdout,
        starts_at=view.starts_at,
        ends_at=view.ends_at,
        # Known before the campaign starts, so that a forecast knows who will be drawn.
        experiment_id=view.id,
    )
    return view


def stop_campaign(
    session: Session, campaign_id: str, *, programme_id: str, now: datetime
) -> CampaignView:
    """Let a campaign give nothing more, and its experiment decide no longer. Raises as `stop`."""
    view = campaigns.stop(session, campaign_id, programme_id=programme_id)
    if queries.find(session, view.id, programme_id=programme_id) is not None:
        service.end(session, view.id, programme_id=programme_id, now=now)
    return view
