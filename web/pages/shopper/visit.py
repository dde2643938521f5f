"""At a store's door: checking in, taking it back, and one's own list of visits."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from core import clock
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.visits import queries, service
from retail.visits.rules import KEPT_FOR
from web.auth import current_member, guarded
from web.limits import LIKES, limited
from web.pages.viewer import viewer_of
from web.write import read, write

store_door = guarded(Blueprint("store_door", __name__), by="anyone")
checking_in = guarded(Blueprint("checking_in", __name__), by="member_page")


@store_door.get("/in/<brand_slug>/<store_slug>")
@read
def show(session: Any, brand_slug: str, store_slug: str) -> Any:
    """Where one is, what checking in does and who sees it. Opening it checks nobody in."""
    brand, store = _place(session, brand_slug, store_slug)
    viewer, now = viewer_of(brand.id), clock.now()
    visit = queries.find_visit(session, store, viewer.id, now=now) if viewer else None
    page = {"brand": brand, "store": store, "viewer": viewer, "visit": visit}
    return render_template("shopper/store_door.html", **page, days=KEPT_FOR.days)


@checking_in.post("/in/<brand_slug>/<store_slug>/check-in")
@limited(LIKES)
@write
def check_in(session: Any, brand_slug: str, store_slug: str) -> Any:
    """Say that I am here."""
    _brand, store = _place(session, brand_slug, store_slug)
    service.check_in(session, store, member=current_member(), now=clock.now())
    return redirect(_door(brand_slug, store_slug), 303)


@checking_in.post("/in/<brand_slug>/<store_slug>/leave")
@limited(LIKES)
@write
def leave(session: Any, brand_slug: str, store_slug: str) -> Any:
    """Take it back."""
    _brand, store = _place(session, brand_slug, store_slug)
    service.leave(session, store, member=current_member(), now=clock.now())
    flash(_("Taken back. We don’t keep that you were here."))
    return redirect(_door(brand_slug, store_slug), 303)


@checking_in.get("/in/<brand_slug>/<store_slug>/check-in")
@checking_in.get("/in/<brand_slug>/<store_slug>/leave")
def back(brand_slug: str, store_slug: str) -> Any:
    """Whoever had to sign in on the way finds the door again."""
    return redirect(_door(brand_slug, store_slug))


@checking_in.get("/me/visits")
@read
def mine(session: Any) -> Any:
    """Where I checked in lately."""
    member = current_member()
    brand = brands.get_brand(session, member.brand_id)
    visits = queries.visits_of(session, member.id)
    return render_template("shopper/visits.html", brand=brand, visits=visits, days=KEPT_FOR.days)


@checking_in.post("/me/visits/<visit_id>/delete")
@write
def delete(session: Any, visit_id: str) -> Any:
    """Delete one of them."""
    service.forget(session, visit_id, member=current_member())
    flash(_("Deleted."))
    return redirect(url_for("checking_in.mine"), 303)


def _place(session: Any, brand_slug: str, store_slug: str) -> tuple[BrandView, StoreView]:
    brand = brands.get_brand_by_slug(session, brand_slug)
    return brand, brands.get_store_by_slug(session, brand.id, store_slug)


def _door(brand_slug: str, store_slug: str) -> str:
    return url_for("store_door.show", brand_slug=brand_slug, store_slug=store_slug)
