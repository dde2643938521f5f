"""Reads of where a member stands, and by what."""

from datetime import datetime

from sqlalchemy.orm import Session

from loyalty.ledger import movements
from loyalty.ledger.rules import CREDITS
from loyalty.tiers import queries as tiers
from loyalty.tiers.rules import Credit, Standing, standing


def find_standing(
    session: Session, member_id: str, *, brand_id: str, joined_at: datetime, now: datetime
) -> Standing | None:
    """Where a member stands at this instant, though no review noted it; None without tiers."""
    found = tiers.find_ladder(session, brand_id)
    if found is None:
        return None
    earned = credits_of(session, brand_id, member_id)
    return standing(found.ladder, earned, joined_at=joined_at, now=now)


def credits_of(session: Session, brand_id: str, member_id: str) -> list[Credit]:
    """A member's credits, also those that wait, net of what came back."""
    moved = movements.of_owner(session, brand_id, member_id, CREDITS)
    return [Credit(at, amount) for at, amount in moved]


def credits_of_all(
    session: Session, brand_id: str, *, tail: str | None = None
) -> dict[str, list[Credit]]:
    """`credits_of` every member who has any, or whose id ends below `tail`, in one read."""
    found = movements.of_all(session, brand_id, CREDITS, tail=tail)
    return {one: [Credit(at, amount) for at, amount in moved] for one, moved in found.items()}
