"""The stylist league on a phone."""

from typing import Any

from flask import Blueprint, render_template

from core import clock
from core.outbox import NEWS
from loyalty.leaderboards import queries as leaderboards
from retail.brands import queries as brands
from web.auth import guarded
from web.front import keep
from web.pages.leagues import (
    PHONE_ROWS,
    Place,
    asked_place,
    find_board,
    last_winners,
    my_neighbours,
    my_rank,
    running_table,
    topics_of,
)
from web.pages.viewer import viewer_of
from web.write import read

# What no event tells, such as a new name, reaches strangers this much later.
FRESH_SECONDS = 1
league = guarded(Blueprint("league", __name__), by="anyone")


@league.get("/league/<brand_slug>")
@league.get("/league/<brand_slug>/<store_slug>")
@read
def show(session: Any, brand_slug: str, store_slug: str | None = None) -> Any:
    """A league: me with my neighbours, then the top."""
    keep(NEWS, seconds=FRESH_SECONDS)
    place = asked_place(session, brand_slug, store_slug)
    return render_template("shopper/league.html", **_frame(session, place), **rows(session, place))


def rows(session: Any, place: Place) -> dict[str, Any]:
    """What changes with every like; also the live fragment's content."""
    viewer = viewer_of(place.brand.id)
    board = find_board(session, place)
    me = viewer.id if viewer else None
    table = running_table(session, board, rows=PHONE_ROWS, me=me, now=clock.now())
    winners = last_winners(session, board, now=clock.now())
    shown = {"table": table, "viewer": viewer, "winners": winners}
    if table is None or viewer is None:
        return {**shown, "mine": None, "my_rank": None}
    return {
        **shown,
        "mine": my_neighbours(session, table, viewer),
        "my_rank": my_rank(session, table.season, viewer),
    }


def _frame(session: Any, place: Place) -> dict[str, Any]:
    viewer = viewer_of(place.brand.id)
    enlisted = leaderboards.enlisted(session, place.brand.id, {viewer.id}) if viewer else set()
    return {
        "brand": place.brand,
        "store": place.store,
        "cadence": place.cadence,
        "stores": brands.list_stores(session, place.brand.id),
        "topics": topics_of(find_board(session, place), place),
        "is_enlisted": bool(enlisted),
        "now": clock.now(),
    }
