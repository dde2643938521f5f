"""Where I am signed in: one line for each, to end one, the others, or all."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask import session as browser
from flask_babel import gettext as _

from core import clock
from retail.accounts import queries as accounts
from retail.accounts import sessions
from retail.brands import queries as brands
from web.auth import clear_session_cookie, current_member, guarded
from web.write import read, write

my_sessions = guarded(Blueprint("my_sessions", __name__), by="member_page")


@my_sessions.get("/me/sessions")
@read
def show(session: Any) -> Any:
    """Here, and elsewhere."""
    return render_template("shopper/sessions.html", **content(session))


def content(session: Any) -> dict[str, Any]:
    """Where I am signed in just now, and the topic that says when that changed."""
    me, now = current_member(), clock.now()
    return {
        "brand": brands.get_brand(session, me.brand_id),
        "sessions": accounts.sessions_of(session, me, now=now),
        "topic": sessions.topic_of_all(me.id),
        "now": now,
    }


@my_sessions.post("/me/sessions/<session_id>/end")
@write
def end(session: Any, session_id: str) -> Any:
    """End one; where it is this one, that is signing out."""
    me = current_member()
    sessions.end_one(session, session_id, member_id=me.id, now=clock.now())
    if session_id == me.session_id:
        return _out(session, _("Signed out."))
    flash(_("Signed out there."))
    return redirect("/me/sessions", 303)


@my_sessions.post("/me/sessions/end-others")
@write
def end_others(session: Any) -> Any:
    """End all but this one."""
    me = current_member()
    sessions.end_others(session, me.session_id, member_id=me.id, now=clock.now())
    flash(_("You’re signed in here, and nowhere else."))
    return redirect("/me/sessions", 303)


@my_sessions.post("/me/sessions/end-all")
@write
def end_all(session: Any) -> Any:
    """Sign out everywhere, here too."""
    sessions.end_all(session, current_member().id, now=clock.now())
    return _out(session, _("Signed out everywhere."))


def _out(session: Any, sentence: str) -> Any:
    brand = brands.get_brand(session, current_member().brand_id)
    browser.clear()
    flash(sentence)
    response = redirect(f"/b/{brand.slug}", 303)
    clear_session_cookie(response)
    return response
