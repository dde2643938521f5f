"""Points for tests: earning, spending and reversing with everything unimportant filled in."""

from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.ledger import service
from loyalty.ledger.reversals import reverse as reverse_effect
from loyalty.ledger.rules import Posted

PROGRAMME = "01PROGRAMME"


def _filled(overrides: dict[str, Any]) -> dict[str, Any]:
    return {
        "programme_id": PROGRAMME,
        "source": f"test:{new_id()}",
        "reason": "test",
        "now": clock.now(),
    } | overrides


def earn(session: Session, owner_id: str, points: int, **overrides: Any) -> Posted:
    """Points for an owner, from a source of their own."""
    return service.earn(session, owner_id=owner_id, points=points, **_filled(overrides))


def spend(session: Session, owner_id: str, points: int, **overrides: Any) -> Posted:
    """Points from an owner, for a source of their own."""
    return service.spend(session, owner_id=owner_id, points=points, **_filled(overrides))


def reverse(session: Session, of: str, points: int | None = None, **overrides: Any) -> Posted:
    """What a source did, taken back in whole or in part."""
    return reverse_effect(session, of=of, points=points, **_filled(overrides))
