"""My name, my sizes, my birth date, and signing out."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask import session as browser
from flask_babel import format_date
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.accounts import queries as accounts
from retail.accounts import service, sessions
from retail.brands import queries as brands
from retail.catalogue.shelf import sized_categories
from retail.notifications import service as notifications
from web.auth import clear_session_cookie, current_member, guarded, session_token, settings
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.pages.destinations import asked_for
from web.schemas.accounts import ProfileForm
from web.write import read, write

profile = guarded(Blueprint("profile", __name__), by="member_page")


@profile.get("/me/profile")
@read
def edit(session: Any, error: SwingtagError | None = None) -> Any:
    """My profile, to look at and to change."""
    mine = accounts.profile(session, current_member().id, now=clock.now())
    brand = brands.get_brand(session, mine.brand_id)
    kinds = {one.code: one.name for one in sized_categories(session, brand.id)}
    boxes = {"mine": mine, "error": error, "next": asked_for(), **_form(mine, kinds)}
    return render_template("shopper/profile.html", brand=brand, **boxes)


@profile.post("/me/profile")
@shown_again(edit)
@write
def save(session: Any) -> Any:
    """Keep what was changed and lead on to where the member was going."""
    service.update_profile(session, current_member().id, **read_form(ProfileForm), now=clock.now())
    onward = asked_for()
    if onward is None:
        flash(_("Saved."))
    return redirect(onward or "/me/profile", 303)


@profile.post("/me/sign-out")
@write
def sign_out(session: Any) -> Any:
    """End this browser's session, and the pushes that it receives."""
    member = current_member()
    brand = brands.get_brand(session, member.brand_id)
    _end_pushes(session, member.id)
    sessions.end_session(session, session_token() or "", now=clock.now(), key=settings().key)
    return _signed_out(brand.slug)


def _end_pushes(session: Any, member_id: str) -> None:
    """The page's script says which address this browser has; without scripts it has none."""
    if endpoint := request.form.get("endpoint"):
        notifications.unsubscribe_browser(session, member_id=member_id, endpoint=endpoint)


def _signed_out(brand_slug: str) -> Any:
    browser.clear()
    response = redirect(f"/b/{brand_slug}", 303)
    clear_session_cookie(response)
    return response


def _form(mine: accounts.MyProfile, kinds: dict[str, str]) -> dict[str, Any]:
    """What stands in the boxes: what was just typed, otherwise what is kept.

    Sizes are asked of the kinds of goods that have any here, by their names in the catalogue.
    """
    kept = {"display_name": mine.display_name, "birth_on": mine.birth_on or ""}
    kept |= {f"sizes.{kind}": mine.sizes.get(kind, "") for kind in kinds}
    return {
        "boxes": {**kept, **request.form},
        "size_names": kinds,
        "birthday": format_date(mine.birth_on, "d MMMM yyyy") if mine.birth_on else "",
        "limits": limits(ProfileForm),
        "minimum_age": settings().minimum_age_years,
    }
