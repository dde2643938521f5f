"""How I wish to be greeted where I check in, and what else I let those who work there see."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from loyalty.tiers import queries as tiers
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.catalogue.shelf import sized_categories
from retail.consent.rules import GREETING, PURPOSES
from retail.greetings import queries, rules
from retail.greetings.rules import Wish, called, check_wish
from retail.journeys.members.wish_greeting import wish_greeting
from web.auth import current_member, guarded
from web.fields import read_form
from web.limits import LIKES, limited
from web.pages.again import shown_again
from web.pages.destinations import asked_for
from web.schemas.greetings import NOT_AT_ALL, GreetingForm
from web.write import read, write

greeting = guarded(Blueprint("my_greeting", __name__), by="member_page")


@greeting.get("/me/greeting")
@read
def show(session: Any, error: SwingtagError | None = None) -> Any:
    """My wish, to look at and to change."""
    mine = accounts.get_member(session, current_member().id, now=clock.now())
    brand = brands.get_brand(session, mine.brand_id)
    page = {"brand": brand, "mine": mine, "error": error, "next": asked_for()}
    return render_template("shopper/greeting.html", **page, **_form(session, mine))


@greeting.post("/me/greeting")
@limited(LIKES)
@shown_again(show)
@write
def save(session: Any) -> Any:
    """Be greeted so, or not at all."""
    given = read_form(GreetingForm)
    wish = None if given["form"] == NOT_AT_ALL else check_wish(**given)
    wish_greeting(session, wish, member=current_member(), now=clock.now())
    flash(_("Saved. It holds from now."))
    return redirect(asked_for() or "/me/greeting", 303)


def _form(session: Any, mine: accounts.MemberView) -> dict[str, Any]:
    """What is chosen: what was just sent, otherwise what is kept."""
    wish = queries.find_wish(session, mine.id)
    is_on = queries.may_greet(session, mine.id)
    sent = request.form
    return {
        "notice": PURPOSES[GREETING].sentence,
        "form": sent.get("form") or (wish.form if is_on else NOT_AT_ALL),
        "title": sent.get("title", wish.title),
        "shows": set(sent.getlist("shows")) if sent else wish.shows,
        "names": {
            form: called(mine.display_name, Wish(form, wish.title or "…")) for form in rules.FORMS
        },
        "sizes": [
            (f"sizes.{one.code}", one.name, mine.sizes[one.code])
            for one in sized_categories(session, mine.brand_id)
            if mine.sizes.get(one.code)
        ],
        "title_length": rules.TITLE_LENGTH,
        "has_tiers": tiers.find_ladder(session, mine.brand_id) is not None,
    }
