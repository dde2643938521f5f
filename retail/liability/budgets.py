"""Every budget of a brand: of campaigns, in money and in points, and of vouchers."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns import queries as campaigns
from loyalty.campaigns.queries import CampaignView
from loyalty.campaigns.rules import Used
from loyalty.vouchers import outstanding
from retail.brands import queries as brands
from retail.liability import pace
from retail.liability.pace import Budget


def budgets_of(session: Session, brand_id: str, *, now: datetime) -> list[Budget]:
    """All budgets of what was started, the most urgent first; drafts spend none."""
    currency = brands.get_brand(session, brand_id).currency
    views = [one for one in campaigns.campaigns(session, brand_id) if one.state != "draft"]
    starts = {pace.begins(one.starts_at, now) for one in views}
    given = {since: campaigns.given_since(session, brand_id, since) for since in starts}
    found: list[Budget] = []
    for view in views:
        since = pace.begins(view.starts_at, now)
        recent = given[since].get(view.id, Used())
        found += _of_campaign(view, recent, since, currency, now)
    names = {view.id: view.name for view in views}
    since = pace.begins(None, now)
    found += [
        Budget(
            kind="vouchers",
            id=one.campaign_id,
            name=names.get(one.campaign_id, one.campaign_id),
            currency=one.currency,
            limit=one.limit_minor,
            given=one.spent_minor,
            held=one.held_minor,
            recent=one.recent_minor,
            since=since,
            ends_at=None,
            is_over=False,
        )
        for one in outstanding.budgets(session, brand_id, since=since)
    ]
    return pace.by_urgency(found, now)


def _of_campaign(
    view: CampaignView, recent: Used, since: datetime, currency: str, now: datetime
) -> Iterator[Budget]:
    limits, used = view.definition.limits, view.used
    is_ended = view.ends_at is not None and view.ends_at <= now
    for unit, limit, spent, lately in (
        (currency, limits.budget_minor, used.spent_minor, recent.spent_minor),
        (None, limits.budget_points, used.spent_points, recent.spent_points),
    ):
        if limit is not None:
            yield Budget(
                kind="campaign",
                id=view.id,
                name=view.name,
                currency=unit,
                limit=limit,
                given=spent,
                held=0,
                recent=lately,
                since=since,
                ends_at=view.ends_at,
                is_over=is_ended or view.state == "stopped",
            )
