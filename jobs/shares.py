"""What shares need time for: crediting purchases, forgetting visitors and guests."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from retail.guests import service as guests
from retail.influence import service as influence
from retail.journeys.league.credit_purchase import credit_purchase
from retail.sharing import service as sharing


def credit(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """Credit a purchase, as it stands now, to the share that led to it."""
    credit_purchase(session, payload["receipt_id"], now=now)


def prune(session: Session, now: datetime) -> None:
    """Forget yesterday's visitors, guests who never joined, and who was spoken of long ago."""
    sharing.forget_visitors(session, now=now)
    guests.forget_old_likes(session, now=now)
    influence.forget_old(session, now=now)
