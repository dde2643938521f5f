"""Put another ladder of tiers in force, instead of the one that was looked at."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.tiers import queries as tiers
from loyalty.tiers import service
from loyalty.tiers.rules import Ladder


def set_tiers(
    session: Session,
    brand_id: str,
    ladder: Ladder,
    *,
    instead_of: int,
    published_by: str,
    now: datetime,
) -> int:
    """The version that is in force from now on, as `tiers.service.publish`.

    Raises Conflict where another is in force than the version it is `instead_of`, 0 for none.
    """
    before = tiers.find_ladder(session, brand_id)
    if instead_of != (before.version if before else 0):
        raise Conflict("tiers_changed", "Somebody set other tiers meanwhile. Look at them first.")
    who = {"programme_id": brand_id, "published_by": published_by}
    return service.publish(session, ladder=ladder, now=now, **who)
