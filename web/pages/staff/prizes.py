"""Prizes: released by two people above a value, kept back for a reason, gifts handed over."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import NotFound, SwingtagError
from loyalty.prizes import queries
from retail.journeys.league.give_prize import hand_over, release_prize, withhold_prize
from retail.journeys.league.settle_doubt import settle_doubt
from retail.staff import queries as staff
from retail.staff import roles
from web.auth import current_staff, guarded, needs, settings
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.schemas.reviews import Doubt, GiftCode, Reason
from web.write import read, write

staff_prizes = guarded(Blueprint("staff_prizes", __name__, url_prefix="/staff"), by="staff_page")


@staff_prizes.get("/prizes")
@needs(roles.RELEASE_PRIZES)
@read
def show(session: Any, error: SwingtagError | None = None, **_unused: Any) -> str:
    """The prizes that are doubted or wait for a release, and who released them so far."""
    me = current_staff()
    doubted = queries.doubted(session, me.brand_id)
    held = [one for one in queries.awards_in(session, me.brand_id, "held") if not one.is_doubted]
    released = {award.id: queries.released_by(session, award.id) for award in held}
    names = staff.names_of_staff(session, {one for by in released.values() for one in by})
    page = {"held": held, "released": released, "names": names, "me": me, "now": clock.now()}
    return render_template("staff/prizes.html", error=error, doubted=doubted, **page)


@staff_prizes.post("/prizes/<award_id>/release")
@needs(roles.RELEASE_PRIZES)
@shown_again(show)
@write
def release(session: Any, award_id: str) -> Any:
    """One of two words."""
    me, when = current_staff(), {"now": clock.now(), "key": settings().key}
    view = release_prize(session, award_id, brand_id=me.brand_id, staff_id=me.id, **when)
    flash(
        _("Released by you. Somebody else has to as well.") if view.state == "held" else _("Given.")
    )
    return redirect("/staff/prizes", 303)


@staff_prizes.post("/prizes/<award_id>/withhold")
@needs(roles.RELEASE_PRIZES)
@shown_again(show)
@write
def withhold(session: Any, award_id: str) -> Any:
    """Keep a prize back."""
    me, reason = current_staff(), read_form(Reason)["reason"]
    by = {"brand_id": me.brand_id, "staff_id": me.id}
    withhold_prize(session, award_id, reason=reason, now=clock.now(), **by)
    flash(_("Kept back. The winner sees why."))
    return redirect("/staff/prizes", 303)


@staff_prizes.post("/prizes/<award_id>/settle")
@needs(roles.RELEASE_PRIZES)
@shown_again(show)
@write
def settle(session: Any, award_id: str) -> Any:
    """Say whether a doubted prize stands."""
    me, said = current_staff(), read_form(Doubt)
    by = {"brand_id": me.brand_id, "staff_id": me.id, "role": me.role}
    view = settle_doubt(session, award_id, **by, **said, now=clock.now(), key=settings().key)
    flash(_("Taken back. The winner sees why.") if view.state == "taken_back" else _("It stands."))
    return redirect("/staff/prizes", 303)


@staff_prizes.get("/gifts")
@needs(roles.HAND_OVER_GIFTS)
def gifts(error: SwingtagError | None = None) -> str:
    """Where the code from a winner's phone is typed."""
    return render_template("staff/gifts.html", error=error, limits=limits(GiftCode))


@staff_prizes.post("/gifts")
@needs(roles.HAND_OVER_GIFTS)
@shown_again(gifts)
@write
def collect(session: Any) -> Any:
    """Confirm that the winner has the gift."""
    me, code = current_staff(), read_form(GiftCode)["code"]
    by = {"brand_id": me.brand_id, "by_id": me.id, "now": clock.now()}
    try:
        gift = hand_over(session, code, key=settings().key, **by)
    except NotFound as mistyped:
        return mistyped
    flash(_("Handed over: %(gift)s.", gift=gift.worth.title))
    return redirect("/staff/gifts", 303)
