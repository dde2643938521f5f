"""Coming in: a mailed code at the start of a shift, a PIN after a tablet was left lying."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as browser
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid, SwingtagError
from retail.accounts import rules
from retail.accounts import service as accounts
from retail.brands import queries as brands
from retail.staff import service
from web.auth import (
    clear_staff_cookie,
    device,
    find_staff,
    guarded,
    set_staff_cookie,
    settings,
)
from web.fields import limits, read_form
from web.limits import GUESSES, MAILS, limited
from web.pages.again import shown_again
from web.pages.asked import Asked, recall, remember
from web.pages.destinations import asked_for
from web.schemas.accounts import Address, Code
from web.schemas.staff import Pin
from web.write import read, write

HOME = "/staff"
_ASKED = "staff_asked"

staff_door = guarded(Blueprint("staff_door", __name__, url_prefix="/staff"), by="anyone")


@staff_door.get("/sign-in")
@read
def choose(session: Any) -> Any:
    """For which brand one works; where there is only one, it is that one."""
    found = brands.list_brands(session)
    if len(found) == 1:
        return redirect(url_for("staff_door.start", brand_slug=found[0].slug, next=asked_for()))
    return render_template("staff/choose.html", brands=found, next=asked_for())


@staff_door.get("/sign-in/<brand_slug>")
@read
def start(session: Any, brand_slug: str, error: SwingtagError | None = None) -> Any:
    """Where should the code go?"""
    brand = brands.get_brand_by_slug(session, brand_slug)
    return render_template(
        "staff/sign_in.html", brand=brand, error=error, next=asked_for(), limits=limits(Address)
    )


@staff_door.post("/sign-in/<brand_slug>")
@shown_again(start)
@limited(MAILS)
@write
def ask(session: Any, brand_slug: str) -> Any:
    """Have a code mailed; the answer is the same for colleagues and strangers."""
    _request_code(session, brand_slug, read_form(Address)["email"], asked_for())
    return redirect(url_for("staff_door.code", brand_slug=brand_slug), 303)


@staff_door.get("/sign-in/<brand_slug>/code")
@read
def code(session: Any, brand_slug: str, error: SwingtagError | None = None) -> Any:
    """Which code came?"""
    brand = brands.get_brand_by_slug(session, brand_slug)
    asked = recall(_ASKED, brand_slug)
    if asked is None:
        return redirect(url_for("staff_door.start", brand_slug=brand_slug, next=asked_for()))
    return render_template(
        "staff/code.html", brand=brand, asked=asked, error=error, limits=limits(Code)
    )


@staff_door.post("/sign-in/<brand_slug>/code")
@shown_again(code)
@limited(GUESSES)
@write
def enter(session: Any, brand_slug: str) -> Any:
    """Sign in with the code."""
    asked = recall(_ASKED, brand_slug)
    if asked is None:
        return redirect(url_for("staff_door.start", brand_slug=brand_slug))
    token = _sign_in(session, asked, read_form(Code)["code"])
    return _welcome(token, asked.next) if token else _code_refused()


@staff_door.post("/sign-in/<brand_slug>/resend")
@shown_again(code)
@limited(MAILS)
@write
def resend(session: Any, brand_slug: str) -> Any:
    """Have another code mailed to the same address; earlier ones live out their time."""
    asked = recall(_ASKED, brand_slug)
    if asked is None:
        return redirect(url_for("staff_door.start", brand_slug=brand_slug))
    _request_code(session, brand_slug, asked.email, asked.next)
    flash(_("Another code is on its way."))
    return redirect(url_for("staff_door.code", brand_slug=brand_slug), 303)


@staff_door.get("/locked")
@read
def locked(session: Any, error: SwingtagError | None = None) -> Any:
    """Whose PIN opens this tablet again? Who has none signs in with a new code."""
    found = find_staff()
    if found is None:
        return redirect(url_for("staff_door.choose", next=asked_for()))
    brand = brands.get_brand(session, found.brand_id)
    page = {"brand": brand, "found": found, "next": asked_for(), "limits": limits(Pin)}
    return render_template("staff/locked.html", error=error, **page)


@staff_door.post("/locked")
@shown_again(locked)
@limited(GUESSES)
@write
def unlock(session: Any) -> Any:
    """Open the tablet again; the fifth wrong PIN signs it out."""
    found, pin = find_staff(), read_form(Pin)["pin"]
    now, key = clock.now(), settings().key
    if found and service.unlock(session, found.session_id, pin, now=now, key=key):
        return redirect(asked_for() or HOME, 303)
    return _pin_refused()


@staff_door.post("/sign-out")
@write
def leave(session: Any) -> Any:
    """End this tablet's session, locked or not."""
    found = find_staff()
    if found is not None:
        service.end_session(session, found.session_id, staff_id=found.id)
    browser.clear()
    response = redirect(url_for("staff_door.choose"), 303)
    clear_staff_cookie(response)
    return response


def _request_code(session: Any, brand_slug: str, email: str, onward: str | None) -> None:
    brand = brands.get_brand_by_slug(session, brand_slug)
    accounts.request_code(
        session,
        brand_id=brand.id,
        email=email,
        now=clock.now(),
        key=settings().key,
        door=service.DOOR,
    )
    remember(_ASKED, brand.slug, email, onward)


def _sign_in(session: Any, asked: Asked, typed: str) -> str | None:
    brand = brands.get_brand_by_slug(session, asked.brand_slug)
    return service.sign_in(
        session,
        brand_id=brand.id,
        email=asked.email,
        code=typed,
        device=device() or "",
        now=clock.now(),
        key=settings().key,
    )


def _welcome(token: str, onward: str | None) -> Any:
    # Nothing that was put into this browser before may speak for the person from here on.
    browser.clear()
    response = redirect(onward or HOME, 303)
    set_staff_cookie(response, token)
    return response


def _code_refused() -> Invalid:
    refused = rules.code_refused()
    return Invalid(refused.code, _("That code doesn’t open anything here."), **refused.data)


def _pin_refused() -> Invalid:
    sentence = _("That isn’t the PIN. After five wrong ones you sign in again.")
    return Invalid("pin_refused", sentence, fields={"pin": [sentence]})
