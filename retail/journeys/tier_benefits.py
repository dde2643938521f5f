"""What standing on a tier brings: the campaigns that run for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns.running import running_for
from retail.journeys.keep_back import keep_back


def tier_benefits(
    session: Session, member_id: str, label: str, *, brand_id: str, now: datetime
) -> list[str]:
    """The names of running campaigns that ask for a tier's label, in their order.

    A campaign from which the member is kept back would give them nothing, so it is not named.
    """
    found = running_for(session, brand_id, label, now=now)
    kept_back = keep_back(session, brand_id, member_id, at=now, source=None) if found else {}
    return [name for campaign_id, name in found.items() if campaign_id not in kept_back]
