"""What standing on a tier brings: the campaigns that run for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.campaigns.running import running_for
from retail.journeys.campaigns.keep_back import keep_back


def tier_benefits(
    session: Session, member_id: str, label: str, *, brand_id: str, now: datetime
) -> dict[str, str]:
    """The running campaigns that ask for a tier's label, names by id in the order of the names.

    A campaign from which the member is kept back would give them nothing, so it is not named.
    """
    found = running_for(session, brand_id, label, now=now)
    kept_back = keep_back(session, brand_id, member_id, at=now, source=None) if found else {}
    return {one: name for one, name in found.items() if one not in kept_back}
