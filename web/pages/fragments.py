"""The parts of pages that change: fetched after a wake, answered 304 while they stand still."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from core.errors import NotFound
from retail.outfits import queries as outfits
from retail.social import queries as social
from web.auth import find_member, guarded
from web.pages.demo import hub
from web.pages.kiosk import board as kiosk
from web.pages.leagues import asked_place
from web.pages.shopper import league
from web.pages.shopper.look import like_label
from web.write import read

fragments = guarded(Blueprint("fragments", __name__, url_prefix="/fragments"), by="anyone")
development_fragments = guarded(
    Blueprint("development_fragments", __name__, url_prefix="/fragments"), by="development"
)
KIOSK_PARTS = ("league", "wall", "looks")


@fragments.get("/outfits/<outfit_id>/likes")
@read
def likes(session: Any, outfit_id: str) -> Response:
    """The inside of a like button."""
    member = find_member()
    outfits.get_visible(session, outfit_id, viewer_id=member.id if member else None)
    count = social.count_of(session, outfit_id)
    return _unless_known(like_label(count))


@fragments.get("/league/<brand_slug>")
@fragments.get("/league/<brand_slug>/<store_slug>")
@read
def league_rows(session: Any, brand_slug: str, store_slug: str | None = None) -> Response:
    """A league's rows."""
    place = asked_place(session, brand_slug, store_slug)
    content = league.rows(session, place)
    return _unless_known(render_template("shopper/league_rows.html", brand=place.brand, **content))


@fragments.get("/kiosk/<brand_slug>/<store_slug>/<part>")
@read
def kiosk_part(session: Any, brand_slug: str, store_slug: str, part: str) -> Response:
    """The ranks, the wall or the looks of a kiosk."""
    if part not in KIOSK_PARTS:
        raise NotFound("page_not_found", "This page isn't here.")
    content = kiosk.content(session, asked_place(session, brand_slug, store_slug))
    return _unless_known(render_template(f"kiosk/{part}.html", **content))


@development_fragments.get("/hub/tills")
@read
def tills(session: Any) -> Response:
    """What each store's tills did last."""
    return _unless_known(render_template("demo/tills.html", tills=hub.till_states(session)))


def _unless_known(html: str) -> Response:
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
