"""The stylist league on a phone."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import lazy_gettext

from core import clock
from core.outbox import NEWS
from loyalty.leaderboards import queries as leaderboards
from retail.brands import queries as brands
from retail.fairness import queries as fairness
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

# The tabs of a league, in their order.
KIND_WORDS = (
    ("stylists", lazy_gettext("Stylists")),
    ("outfits", lazy_gettext("Looks")),
    ("newcomers", lazy_gettext("Newcomers")),
)
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


@league.get("/league/<brand_slug>/rules")
@league.get("/league/<brand_slug>/<store_slug>/rules")
@read
def rules(session: Any, brand_slug: str, store_slug: str | None = None) -> str:
    """The rules of a board in plain words."""
    place = asked_place(session, brand_slug, store_slug)
    board = find_board(session, place)
    season = leaderboards.find_season(session, board.id, clock.now()) if board else None
    page = {"brand": place.brand, "store": place.store, "kind": place.kind, "season": season}
    play = fairness.rules_of(session, place.brand.id)
    return render_template("shopper/league_rules.html", cadence=place.cadence, play=play, **page)


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
    cases = fairness.cases_of(session, viewer.id) if viewer else []
    enlisted = leaderboards.enlisted(session, place.brand.id, {viewer.id}) if viewer else set()
    return {
        "brand": place.brand,
        "store": place.store,
        "cadence": place.cadence,
        "kind": place.kind,
        "kinds": KIND_WORDS,
        "checking": [case for case in cases if case.held],
        "checked": [case for case in cases if case.removed],
        "stores": brands.list_stores(session, place.brand.id),
        "topics": topics_of(find_board(session, place), place),
        "is_enlisted": bool(enlisted),
        "now": clock.now(),
    }
