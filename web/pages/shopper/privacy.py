"""One line for each purpose: what it does, since when, on or off; and who looked."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.access_log import queries as access_log
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.consent import queries as consent
from retail.consent.rules import get_purpose
from retail.journeys.members.agree import agree, stop_all, take_back
from web.auth import current_member, guarded
from web.pages.again import shown_again
from web.write import read, write

privacy = guarded(Blueprint("privacy", __name__), by="member_page")


@privacy.get("/me/privacy")
@read
def show(session: Any, error: SwingtagError | None = None, **_unused: Any) -> Any:
    """What I agreed to."""
    mine = accounts.get_member(session, current_member().id, now=clock.now())
    brand = brands.get_brand(session, mine.brand_id)
    answers = consent.consents_of(session, mine.id)
    return render_template(
        "shopper/privacy.html", brand=brand, mine=mine, answers=answers, error=error
    )


@privacy.get("/me/privacy/looks")
@read
def looks(session: Any) -> Any:
    """Who looked at what is kept about me."""
    me = current_member()
    seen = access_log.seen_by(session, me.id)
    brand = brands.get_brand(session, me.brand_id)
    return render_template("shopper/who_looked.html", brand=brand, looks=seen)


@privacy.post("/me/privacy/<purpose>/on")
@shown_again(show)
@write
def turn_on(session: Any, purpose: str) -> Any:
    """Agree to one purpose."""
    agree(session, purpose, member=current_member(), now=clock.now())
    flash(_("On from now."))
    return redirect("/me/privacy", 303)


@privacy.post("/me/privacy/<purpose>/off")
@shown_again(show)
@write
def turn_off(session: Any, purpose: str) -> Any:
    """Take one purpose back."""
    take_back(session, purpose, member=current_member(), now=clock.now())
    flash(_(get_purpose(purpose).off))
    return redirect("/me/privacy", 303)


@privacy.post("/me/privacy/stop")
@write
def stop(session: Any) -> Any:
    """Take everything back."""
    stop_all(session, member=current_member(), now=clock.now())
    flash(_("All sharing is off from now, on every screen. What you laid out is still yours."))
    return redirect("/me/privacy", 303)
