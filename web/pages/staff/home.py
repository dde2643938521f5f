"""The start of a shift: where to go, one's PIN, and where one is signed in."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.staff import queries, service
from web.auth import current_staff, find_staff, guarded, settings
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.pages.staff.here import Here, here
from web.pages.staff.rail import Group, rail
from web.schemas.staff import Pin
from web.write import read, write

staff_home = guarded(Blueprint("staff_home", __name__, url_prefix="/staff"), by="staff_page")


@staff_home.app_template_global("staff_here")
def staff_here() -> Here | None:
    """For the layout, which also stands around pages for those who are not signed in."""
    found = find_staff()
    return here() if found is not None and found.locks_at > clock.now() else None


@staff_home.app_template_global("staff_rail")
def staff_rail(section: str) -> tuple[Group, ...]:
    """For the layout, where somebody is signed in: what they may open beside a section."""
    return rail(here().sections, section)


@staff_home.get("")
def show() -> str:
    """What one may open."""
    return render_template("staff/home.html", sections=here().sections)


@staff_home.get("/me")
@read
def me(session: Any, error: SwingtagError | None = None) -> str:
    """One's PIN, and where one is signed in."""
    staff = current_staff()
    sessions = queries.sessions_of(session, staff.id, now=clock.now())
    page = {"me": staff, "sessions": sessions, "limits": limits(Pin), "now": clock.now()}
    return render_template("staff/me.html", error=error, **page)


@staff_home.post("/me/pin")
@shown_again(me)
@write
def set_pin(session: Any) -> Any:
    """Choose a PIN, or another one."""
    service.set_pin(session, current_staff().id, read_form(Pin)["pin"], key=settings().key)
    flash(_("That’s your PIN from now on."))
    return redirect(url_for("staff_home.me"), 303)


@staff_home.post("/me/sessions/<session_id>/end")
@write
def end(session: Any, session_id: str) -> Any:
    """Sign out at another place; this one has a button of its own."""
    service.end_session(session, session_id, staff_id=current_staff().id)
    flash(_("Signed out there."))
    return redirect(url_for("staff_home.me"), 303)


@staff_home.post("/lock")
@write
def lock(session: Any) -> Any:
    """Leave the tablet lying, safely."""
    service.lock(session, current_staff().session_id, now=clock.now())
    return redirect(url_for("staff_door.locked"), 303)
