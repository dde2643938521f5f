"""Who works here: accounts added and disabled by those who may."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden, SwingtagError
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.staff import queries, roles, service
from retail.staff.queries import StaffView
from web.auth import current_staff, guarded, needs, settings
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.schemas.staff import NewColleague
from web.write import read, write

staff_team = guarded(Blueprint("staff_team", __name__, url_prefix="/staff/team"), by="staff_page")


@staff_team.get("")
@needs(roles.MANAGE_STAFF)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """Everybody of one's store, or of the brand."""
    me = current_staff()
    team = queries.list_staff(session, me.brand_id, store_id=me.store_id)
    stores = [s for s in brands.list_stores(session, me.brand_id) if me.works_at(s.id)]
    page = {"team": team, "stores": stores, "limits": limits(NewColleague), "me": me}
    return render_template("staff/team.html", error=error, **page, **_options(me, stores))


@staff_team.post("")
@needs(roles.MANAGE_STAFF)
@shown_again(show)
@write
def add(session: Any) -> Any:
    """Take somebody on, in a place where one works oneself."""
    given, me = read_form(NewColleague), current_staff()
    store_id = _store_id(session, me.brand_id, given.pop("store"))
    if not me.works_at(store_id):
        raise Forbidden("store_too_wide", _("You can take people on for your own store."))
    place = {"brand_id": me.brand_id, "store_id": store_id}
    service.add_staff(session, **place, **given, now=clock.now())
    return _back(_("They can sign in now, with a code to that address."))


@staff_team.post("/<staff_id>/disable")
@needs(roles.MANAGE_STAFF)
@write
def disable(session: Any, staff_id: str) -> Any:
    """Let somebody go; nobody can lock themselves out."""
    me = current_staff()
    colleague = queries.get_staff(session, staff_id, seen_by=me)
    if colleague.id == me.id:
        raise Forbidden("not_yourself", _("Somebody else has to disable your account."))
    service.disable_staff(session, colleague.id, now=clock.now(), key=settings().key)
    return _back(_("They are signed out everywhere."))


def _options(me: StaffView, stores: list[StoreView]) -> dict[str, list[tuple[str, str]]]:
    everywhere = [("", _("Every store"))] if me.store_id is None else []
    return {
        "role_options": [(role.code, role.title) for role in roles.ROLES.values()],
        "store_options": everywhere + [(store.slug, store.name) for store in stores],
    }


def _store_id(session: Any, brand_id: str, slug: str) -> str | None:
    return brands.get_store_by_slug(session, brand_id, slug).id if slug else None


def _back(said: str) -> Any:
    flash(said)
    return redirect(url_for("staff_team.show"), 303)
