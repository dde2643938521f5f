"""Ladders and standings for tests."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from loyalty.tiers import service
from loyalty.tiers.rules import Credit, Ladder, Tier
from loyalty.tiers.service import Reviewed
from tests.builders.points import PROGRAMME

TIERS = (Tier("classic", "Classic", 0), Tier("silver", "Silver", 100), Tier("gold", "Gold", 300))


def ladder(**overrides: Any) -> Ladder:
    """Classic, Silver from 100 and Gold from 300 credits, earned in a London year."""
    return Ladder(**({"tiers": TIERS, "basis": "earned", "zone": "Europe/London"} | overrides))


def new_tiers(session: Session, *, programme_id: str = PROGRAMME, **overrides: Any) -> int:
    """That ladder in force."""
    of = ladder(**overrides)
    return service.publish(session, programme_id=programme_id, ladder=of, now=clock.now())


def review(session: Session, owner_id: str, *credits_: int, **overrides: Any) -> Reviewed:
    """A review of somebody who earned these a moment ago."""
    values = {"programme_id": PROGRAMME, "now": clock.now()} | overrides
    earned = [Credit(values["now"], amount) for amount in credits_]
    joined = datetime(2024, 1, 1, tzinfo=UTC)
    return service.review(session, owner_id=owner_id, earned=earned, joined_at=joined, **values)
