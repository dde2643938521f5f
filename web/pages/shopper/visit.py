"""At a store's door: checking in, taking it back, and one's own list of visits."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from core import clock
from retail.access_log import queries as access_log
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.consent import queries as consent
from retail.consent.in_stores import SCREENS_CHOOSE
from retail.greetings import queries as greetings
from retail.greetings.rules import SHOWN_FOR, called
from retail.journeys.floor.greet import come_in, forget_visit, go_out
from retail.journeys.floor.show_greetings import PURPOSE
from retail.journeys.holds import hold_piece
from retail.journeys.holds.show_holds import shown_holds
from retail.visits import queries
from retail.visits.rules import KEPT_FOR
from web.auth import current_member, guarded
from web.limits import CHECK_INS, LIKES, limited
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
    page = {"brand": brand, "store": store, "viewer": viewer, "days": KEPT_FOR.days}
    page |= _own(session, store, viewer, now) if viewer else {}
    return render_template("shopper/store_door.html", **page)


@checking_in.post("/in/<brand_slug>/<store_slug>/check-in")
@limited(CHECK_INS)
@write
def check_in(session: Any, brand_slug: str, store_slug: str) -> Any:
    """Say that I am here."""
    _brand, store = _place(session, brand_slug, store_slug)
    come_in(session, store, member=current_member(), way="door", now=clock.now())
    return redirect(_door(brand_slug, store_slug), 303)


@checking_in.post("/in/<brand_slug>/<store_slug>/leave")
@limited(LIKES)
@write
def leave(session: Any, brand_slug: str, store_slug: str) -> Any:
    """Take it back."""
    _brand, store = _place(session, brand_slug, store_slug)
    go_out(session, store, member=current_member(), now=clock.now())
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
    forget_visit(session, visit_id, member=current_member())
    flash(_("Deleted."))
    return redirect(url_for("checking_in.mine"), 303)


def _own(session: Any, store: StoreView, viewer: MemberView, now: datetime) -> dict[str, Any]:
    """Whether I am checked in, who sees me, and by what name."""
    found = greetings.find_greeting(session, viewer.id, now=now)
    is_agreed = greetings.may_greet(session, viewer.id)
    greeting = found if is_agreed and found and found.store_id == store.id else None
    since = {"purpose": PURPOSE, "since": greeting.began_at} if greeting else {"limit": 0}
    mine = hold_piece.holds_of(session, viewer.id, now=now)
    return {
        "visit": queries.find_visit(session, store, viewer.id, now=now),
        "called": called(viewer.display_name, greetings.find_wish(session, viewer.id)),
        "is_agreed": is_agreed,
        "is_chosen_by": consent.has_consent(session, viewer.id, SCREENS_CHOOSE),
        "greeting": greeting if greeting and greeting.is_shown(now) else None,
        "looks": access_log.seen_by(session, viewer.id, **since),
        "held": [one for one in shown_holds(session, mine, now=now) if one.store == store.slug],
        "minutes": SHOWN_FOR.seconds // 60,
    }


def _place(session: Any, brand_slug: str, store_slug: str) -> tuple[BrandView, StoreView]:
    brand = brands.get_brand_by_slug(session, brand_slug)
    return brand, brands.get_store_by_slug(session, brand.id, store_slug)


def _door(brand_slug: str, store_slug: str) -> str:
    return url_for("store_door.show", brand_slug=brand_slug, store_slug=store_slug)
