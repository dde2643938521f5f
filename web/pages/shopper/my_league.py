"""Likes of mine that were looked at, appeals, and invitations that I won."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.fairness import queries, service
from retail.journeys.league.give_prize import accept_invitation
from web.auth import current_member, guarded
from web.fields import read_form
from web.pages.again import shown_again
from web.schemas.reviews import AppealWords
from web.write import read, write

my_league_page = guarded(Blueprint("my_league_page", __name__), by="member_page")


@my_league_page.get("/me/league")
@read
def show(session: Any, error: SwingtagError | None = None, **_unused: Any) -> str:
    """What was looked at, in one sentence each."""
    me = current_member()
    cases = queries.cases_of(session, me.id)
    brand = brands.get_brand(session, me.brand_id)
    return render_template("shopper/my_league.html", brand=brand, cases=cases, error=error)


@my_league_page.post("/me/league/<case_id>/appeal")
@shown_again(show)
@write
def appeal(session: Any, case_id: str) -> Any:
    """Ask for a second look, once."""
    me, words = current_member(), read_form(AppealWords)["words"]
    mine = {"member_id": me.id, "brand_id": me.brand_id}
    service.appeal(session, case_id, words=words, now=clock.now(), **mine)
    flash(_("Sent. Somebody else takes a second look."))
    return redirect("/me/league", 303)


@my_league_page.post("/me/prizes/<award_id>/accept")
@write
def accept(session: Any, award_id: str) -> Any:
    """Say yes to an invitation."""
    me, now = current_member(), clock.now()
    accept_invitation(session, award_id, brand_id=me.brand_id, member_id=me.id, now=now)
    flash(_("You’re on the list."))
    return redirect("/me/prizes", 303)
