"""The brand wall on a phone, and telling the shop about a look that shouldn't hang there."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from core.outbox import NEWS
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.journeys.looks.report_look import report_look
from retail.outfits import queries as outfits
from retail.wall import service
from retail.wall_page import queries
from web.auth import current_member, guarded
from web.front import keep
from web.limits import REPORTS, limited
from web.pages.again import shown_again
from web.pages.leagues import Place, asked_place
from web.write import read, write

LOOKS = 24
# What no event tells, such as a new name, reaches strangers this much later.
FRESH_SECONDS = 10
wall = guarded(Blueprint("wall", __name__), by="anyone")
reporting = guarded(Blueprint("reporting", __name__), by="member_page")


@wall.get("/wall/<brand_slug>")
@wall.get("/wall/<brand_slug>/<store_slug>")
@read
def show(session: Any, brand_slug: str, store_slug: str | None = None) -> Any:
    """Everything that hangs, newest first, a page at a time."""
    keep(NEWS, seconds=FRESH_SECONDS)
    place = asked_place(session, brand_slug, store_slug)
    stores = brands.list_stores(session, place.brand.id)
    shown = {"brand": place.brand, "stores": stores, "now": clock.now()}
    return render_template("shopper/wall.html", **shown, **hung(session, place))


def hung(session: Any, place: Place) -> dict[str, Any]:
    """What changes with every look; also the live fragment's content."""
    after = request.args.get("after") or None
    store_id = place.store.id if place.store else None
    page = queries.get_wall(session, place.brand.id, store_id=store_id, after=after, limit=LOOKS)
    return {"page": page, "place": place, "is_first": after is None}


@reporting.get("/o/<outfit_id>/report")
@read
def ask(session: Any, outfit_id: str, error: SwingtagError | None = None) -> str:
    """Shall somebody look at this look?"""
    look = _reportable(session, outfit_id, current_member())
    brand = brands.get_brand(session, look.brand_id)
    return render_template("shopper/report.html", brand=brand, outfit=look, error=error)


@reporting.post("/o/<outfit_id>/report")
@shown_again(ask)
@limited(REPORTS)
@write
def report(session: Any, outfit_id: str) -> Any:
    """Ask for it; nobody is told who did."""
    report_look(session, outfit_id, member=current_member(), now=clock.now())
    flash(_("Thank you. Somebody will look at it; nobody learns that it was you."))
    return redirect(f"/o/{outfit_id}", 303)


@reporting.post("/me/outfits/<outfit_id>/appeal")
@write
def appeal(session: Any, outfit_id: str) -> Any:
    """Have somebody look again at a look of mine that was hidden."""
    service.appeal(session, outfit_id, member_id=current_member().id, now=clock.now())
    flash(_("Somebody will look at it again."))
    return redirect(f"/me/outfits/{outfit_id}/shared", 303)


def _reportable(session: Any, outfit_id: str, member: MemberView) -> outfits.OutfitView:
    look = outfits.get_visible(session, outfit_id, viewer_id=member.id)
    if look.brand_id != member.brand_id:
        raise outfits.outfit_not_found()
    return look
