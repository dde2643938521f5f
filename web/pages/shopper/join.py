"""Joining and signing in: an address, a mailed code, and back to where one came from."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as browser
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.accounts import queries as accounts
from retail.accounts import rules, service
from retail.accounts.service import SignedIn
from retail.brands import queries as brands
from web.auth import device, find_member, guarded, note_presence, set_session_cookie, settings
from web.elsewhere import find_elsewhere
from web.fields import limits, read_form
from web.limits import GUESSES, MAILS, limited
from web.pages.again import shown_again
from web.pages.asked import Asked, recall, remember
from web.pages.destinations import asked_for
from web.pages.shopper.guest import forget_guest, redeem
from web.schemas.accounts import Address, Code
from web.write import read, write

# The server ends idle sessions itself; the cookie only has to outlive them.
COOKIE_SECONDS = 365 * 86400
HOME = "/me"
_ASKED = "asked"

join = guarded(Blueprint("join", __name__), by="anyone")
join.after_app_request(note_presence)


@join.get("/join")
@read
def choose(session: Any) -> Any:
    """Which brand to sign in with; where there is only one, it is that one."""
    found = brands.list_brands(session)
    if len(found) == 1:
        return redirect(url_for("join.start", brand_slug=found[0].slug, next=asked_for()))
    lead = _("You have an account with each, and they share nothing.")
    shops = [(b.name, url_for("join.start", brand_slug=b.slug, next=asked_for())) for b in found]
    return render_template("shopper/choose.html", shops=shops, lead=lead)


@join.get("/join/<brand_slug>")
@read
def start(session: Any, brand_slug: str, error: SwingtagError | None = None) -> Any:
    """Where should the code go?"""
    brand = brands.get_brand_by_slug(session, brand_slug)
    member = find_member()
    if error is None and member is not None and member.brand_id == brand.id:
        return redirect(asked_for() or HOME)
    return render_template("shopper/join.html", brand=brand, error=error, **_offered(error))


@join.post("/join/<brand_slug>")
@shown_again(start)
@limited(MAILS)
@write
def ask(session: Any, brand_slug: str) -> Any:
    """Have a code mailed; the answer is the same for members and strangers."""
    _request_code(session, brand_slug, read_form(Address)["email"], asked_for())
    return redirect(url_for("join.code", brand_slug=brand_slug), 303)


@join.get("/join/<brand_slug>/code")
@read
def code(session: Any, brand_slug: str, error: SwingtagError | None = None) -> Any:
    """Which code came?"""
    brand = brands.get_brand_by_slug(session, brand_slug)
    asked = recall(_ASKED, brand_slug)
    if asked is None:
        return redirect(url_for("join.start", brand_slug=brand_slug, next=asked_for()))
    return render_template(
        "shopper/code.html", brand=brand, asked=asked, error=error, limits=limits(Code)
    )


@join.post("/join/<brand_slug>/code")
@shown_again(code)
@limited(GUESSES)
@write
def enter(session: Any, brand_slug: str) -> Any:
    """Sign in with the code; a newcomer is asked for a name next."""
    asked = recall(_ASKED, brand_slug)
    if asked is None:
        return redirect(url_for("join.start", brand_slug=brand_slug))
    signed_in = _sign_in(session, asked, read_form(Code)["code"])
    return welcome(session, signed_in, asked.next) if signed_in else rules.code_refused()


@join.post("/join/<brand_slug>/resend")
@shown_again(code)
@limited(MAILS)
@write
def resend(session: Any, brand_slug: str) -> Any:
    """Have another code mailed to the same address; earlier ones live out their time."""
    asked = recall(_ASKED, brand_slug)
    if asked is None:
        return redirect(url_for("join.start", brand_slug=brand_slug))
    _request_code(session, brand_slug, asked.email, asked.next)
    flash(_("Another code is on its way."))
    return redirect(url_for("join.code", brand_slug=brand_slug), 303)


def _offered(error: SwingtagError | None) -> dict[str, Any]:
    """Where the way leads on, which a failed way back remembers, and who else vouches."""
    onward = asked_for() or (error.data.get("next") if error else None)
    brand_slug = (request.view_args or {})["brand_slug"]
    return {
        "next": onward,
        "limits": limits(Address),
        "elsewhere": find_elsewhere(brand_slug),
    }


def _request_code(session: Any, brand_slug: str, email: str, onward: str | None) -> None:
    brand = brands.get_brand_by_slug(session, brand_slug)
    now = clock.now()
    service.request_code(session, brand_id=brand.id, email=email, now=now, key=settings().key)
    remember(_ASKED, brand.slug, email, onward)


def _sign_in(session: Any, asked: Asked, typed: str) -> SignedIn | None:
    brand = brands.get_brand_by_slug(session, asked.brand_slug)
    return service.sign_in(
        session,
        brand_id=brand.id,
        email=asked.email,
        code=typed,
        now=clock.now(),
        key=settings().key,
        device=device(),
    )


def welcome(session: Any, signed_in: SignedIn, onward: str | None) -> Any:
    """Lead somebody on who has just signed in, past their name where we have none."""
    member = accounts.get_member(session, signed_in.member_id)
    # Nothing that was put into this browser before may speak for the person from here on.
    browser.clear()
    onward = redeem(session, member, onward or HOME)
    address = onward if member.display_name else url_for("profile.edit", next=onward)
    response = redirect(address, 303)
    set_session_cookie(response, signed_in.token, max_age_seconds=COOKIE_SECONDS)
    forget_guest(response)
    return response
