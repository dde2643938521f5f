"""Boards with a running season for tests."""

from typing import Any

from sqlalchemy.orm import Session

from core import clock
from loyalty.leaderboards import service
from loyalty.leaderboards.rules import BoardView, Prize, SeasonView
from tests.builders.points import PROGRAMME

PRIZES = (
    Prize(1, "voucher", 5000, "GBP"),
    Prize(2, "points", 500),
    Prize(3, "gift", 2500, "GBP", title="Silk scarf"),
)


def new_board(session: Session, **overrides: Any) -> BoardView:
    """A weekly board of the whole brand, in London unless told otherwise."""
    values: dict[str, Any] = {
        "programme_id": PROGRAMME,
        "scope_kind": "brand",
        "scope_id": PROGRAMME,
        "cadence": "week",
        "zone": "Europe/London",
        "prizes": PRIZES,
        "now": clock.now(),
    }
    return service.open_board(session, **(values | overrides))


def new_season(session: Session, **overrides: Any) -> SeasonView:
    """The season that runs now on a new board."""
    board = new_board(session, **overrides)
    return service.ensure_seasons(session, board.id, now=clock.now())[0]


def enlist(session: Session, *owner_ids: str) -> None:
    """Have these owners agree to be ranked."""
    for owner_id in owner_ids:
        service.enlist(session, PROGRAMME, owner_id, now=clock.now())
