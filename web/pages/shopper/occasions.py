"""Occasions on the phone: what is to come, one of them, and making and changing one's own."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.journeys.occasions.show_occasion import show_occasion
from retail.occasions import queries, rules, service
from retail.occasions.queries import OccasionView
from web.auth import current_member, guarded
from web.fields import read_form
from web.limits import INVITATIONS, LIKES, limited
from web.pages.again import shown_again
from web.pages.shopper.wearing import to_choose_from
from web.schemas.occasions import Guests, OccasionAnswer, OccasionWish
from web.write import read, write

occasions = guarded(Blueprint("occasion_pages", __name__), by="member_page")


@occasions.get("/me/occasions")
@read
def mine(session: Any) -> Any:
    """What is to come, or what is over."""
    me, now = current_member(), clock.now()
    is_past, after = "past" in request.args, request.args.get("after")
    page = queries.occasions_of(session, me.id, now=now, is_past=is_past, after=after)
    return _page(session, "occasions", page=page, is_past=is_past)


@occasions.get("/me/occasions/new")
@read
def new(session: Any, error: SwingtagError | None = None) -> Any:
    """Make one."""
    zone = brands.get_brand(session, current_member().brand_id).zone
    given = request.form or {"zone": zone}
    return _page(session, "occasion_form", given=given, occasion=None, error=error)


@occasions.post("/me/occasions/new")
@shown_again(new)
@limited(LIKES)
@write
def make(session: Any) -> Any:
    """Make it, and go on to what to wear."""
    wish = read_form(OccasionWish)
    made = service.make(session, wish, member=current_member(), now=clock.now())
    return redirect(f"/me/occasions/{made}", 303)


@occasions.get("/me/occasions/<occasion_id>")
@read
def show(session: Any, occasion_id: str, error: SwingtagError | None = None, **_unused: str) -> Any:
    """One of them: who comes, what I wear, and who would wear the same."""
    me, now = current_member(), clock.now()
    shown = show_occasion(session, occasion_id, viewer=me, now=now)
    to_ask = queries.may_be_asked(session, occasion_id, host_id=me.id)
    asked = to_ask if shown.occasion.is_own else []
    wear = to_choose_from(session, me, shown)
    return _page(session, "occasion", shown=shown, to_ask=asked, wear=wear, error=error)


@occasions.get("/me/occasions/<occasion_id>/edit")
@read
def change(session: Any, occasion_id: str, error: SwingtagError | None = None) -> Any:
    """Change one of mine."""
    me, now = current_member(), clock.now()
    queries.check_own(session, occasion_id, me.id)
    seen = queries.get_occasion(session, occasion_id, viewer=me, now=now)
    given = request.form or _as_typed(seen)
    return _page(session, "occasion_form", given=given, occasion=seen, error=error)


@occasions.post("/me/occasions/<occasion_id>/edit")
@shown_again(change)
@limited(LIKES)
@write
def edit(session: Any, occasion_id: str) -> Any:
    """Change it for everybody."""
    wish = read_form(OccasionWish)
    service.edit(session, occasion_id, wish, member=current_member())
    flash(_("Changed, for everybody."))
    return redirect(f"/me/occasions/{occasion_id}", 303)


@occasions.post("/me/occasions/<occasion_id>/delete")
@limited(LIKES)
@write
def remove(session: Any, occasion_id: str) -> Any:
    """Delete it for everybody."""
    service.remove(session, occasion_id, member=current_member())
    flash(_("Deleted, for everybody."))
    return redirect("/me/occasions", 303)


@occasions.post("/me/occasions/<occasion_id>/guests")
@shown_again(show)
@limited(INVITATIONS)
@write
def invite(session: Any, occasion_id: str) -> Any:
    """Ask friends."""
    wish, me = read_form(Guests), current_member()
    service.invite(session, occasion_id, wish["friend_ids"], member=me, now=clock.now())
    flash(_("Asked. They hear of it in the app."))
    return redirect(f"/me/occasions/{occasion_id}", 303)


@occasions.post("/me/occasions/<occasion_id>/guests/<friend_id>/uninvite")
@limited(LIKES)
@write
def uninvite(session: Any, occasion_id: str, friend_id: str) -> Any:
    """Ask somebody no more."""
    service.uninvite(session, occasion_id, friend_id, member=current_member())
    flash(_("Taken back. For them it isn’t there any more."))
    return redirect(f"/me/occasions/{occasion_id}", 303)


@occasions.post("/me/occasions/<occasion_id>/answer")
@shown_again(show)
@limited(LIKES)
@write
def answer(session: Any, occasion_id: str) -> Any:
    """Come, or don't."""
    reply, me = read_form(OccasionAnswer)["answer"], current_member()
    service.answer(session, occasion_id, reply, member=me, now=clock.now())
    flash(_("You’re coming.") if reply == rules.ACCEPTED else _("You’re not coming."))
    return redirect(f"/me/occasions/{occasion_id}", 303)


def _as_typed(seen: OccasionView) -> Mapping[str, str]:
    there = seen.starts_at.astimezone(ZoneInfo(seen.zone))
    return {
        "title": seen.title,
        "place": seen.place,
        "zone": seen.zone,
        "on": f"{there:%Y-%m-%d}",
        "at": "" if seen.is_all_day else f"{there:%H:%M}",
    }


def _page(session: Any, template: str, **values: Any) -> str:
    brand = brands.get_brand(session, current_member().brand_id)
    zones = sorted({brand.zone, *(one.zone for one in brands.list_stores(session, brand.id))})
    limits = {"title": rules.TITLE_LENGTH, "place": rules.PLACE_LENGTH}
    values |= {"brand": brand, "zones": zones, "limits": limits}
    return render_template(f"shopper/{template}.html", **values)
