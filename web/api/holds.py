"""Pieces held for the member in a store for a while."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.journeys.holds import hold_piece
from retail.journeys.holds.show_holds import ShownHold, shown_holds
from web.auth import current_member, guarded, settings
from web.limits import HOLDS, limited
from web.openapi import schema_of
from web.schemas.holds import NewHold
from web.write import read, write

holds = guarded(Blueprint("holds", __name__, description="What is held in a store"), "member")


@holds.post("/me/holds")
@limited(HOLDS)
@write
@holds.arguments(NewHold)
@holds.response(201, schema_of(ShownHold))
def hold(session: Any, wish: dict[str, str]) -> ShownHold:
    """Hold what an offer offers, in its store, for a while; 409 where none is free."""
    member, now = current_member(), clock.now()
    made = hold_piece.hold_offered(session, **wish, member=member, now=now, settings=settings())
    return shown_holds(session, [made], now=now)[0]


@holds.get("/me/holds")
@read
@holds.response(200, schema_of(ShownHold)(many=True))
def list_mine(session: Any) -> list[ShownHold]:
    """What is held for the member now, the newest first."""
    now = clock.now()
    found = hold_piece.holds_of(session, current_member().id, now=now)
    return shown_holds(session, found, now=now)


@holds.delete("/me/holds/<hold_id>")
@write
@holds.response(204)
def let_go(session: Any, hold_id: str) -> None:
    """Let a piece go; once it is held no more nothing changes."""
    hold_piece.let_go(session, hold_id, member=current_member(), now=clock.now())
