"""Likes held back: the queue, the evidence, a decision with its reason, and appeals."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.fairness import queries, service
from retail.outfits import queries as outfits
from retail.staff import queries as staff
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.schemas.reviews import Decision
from web.write import read, write

staff_reviews = guarded(Blueprint("staff_reviews", __name__, url_prefix="/staff"), by="staff_page")


@staff_reviews.get("/reviews")
@needs(roles.REVIEW_LIKES)
@read
def show(session: Any) -> str:
    """What waits, to be answered first on top, and what was decided last."""
    brand_id = current_staff().brand_id
    waiting = queries.open_cases(session, brand_id)
    decided = queries.decided_cases(session, brand_id)
    names = staff.names_of_staff(session, {case.decided_by for case in decided if case.decided_by})
    page = {"waiting": waiting, "decided": decided, "names": names, "now": clock.now()}
    appeals = queries.waiting_appeals(session, brand_id)
    return render_template("staff/reviews.html", appeals=appeals, **page)


@staff_reviews.get("/reviews/<case_id>")
@needs(roles.REVIEW_LIKES)
@read
def show_case(
    session: Any, case_id: str, error: SwingtagError | None = None, **_unused: Any
) -> str:
    """The evidence of a case, and its decision or the way to one."""
    me = current_staff()
    case = queries.get_case(session, case_id, brand_id=me.brand_id)
    appeals = [a for a in queries.waiting_appeals(session, me.brand_id) if a.case_id == case_id]
    page = {"case": case, "appeals": appeals, "error": error, "me": me}
    return render_template("staff/review.html", looks=_looks(session, case_id), **page)


@staff_reviews.post("/reviews/<case_id>")
@needs(roles.REVIEW_LIKES)
@shown_again(show_case)
@write
def decide(session: Any, case_id: str) -> Any:
    """Let a case's likes count, or not."""
    given, me = read_form(Decision), current_staff()
    place = {"brand_id": me.brand_id, "staff_id": me.id}
    service.decide(session, case_id, now=clock.now(), **place, **given)
    flash(_("Decided. The stylists see it on their league page."))
    return redirect("/staff/reviews", 303)


@staff_reviews.post("/reviews/<case_id>/appeals/<member_id>")
@needs(roles.REVIEW_LIKES)
@shown_again(show_case)
@write
def answer(session: Any, case_id: str, member_id: str) -> Any:
    """Answer an appeal, as somebody who did not decide."""
    given, me = read_form(Decision), current_staff()
    place = {"brand_id": me.brand_id, "staff_id": me.id, "reason": given["reason"]}
    upheld = {"is_upheld": given["is_fair"], "now": clock.now()}
    service.answer(session, case_id, member_id, **place, **upheld)
    flash(_("Answered. The stylist sees it on the league page."))
    return redirect("/staff/reviews", 303)


def _looks(session: Any, case_id: str) -> list[dict[str, Any]]:
    """The looks of a case: what they are, how many of its likes each had, and whose, unnamed."""
    liked = queries.likes_of(session, case_id)
    stylists = {each.stylist_id: number for number, each in enumerate(liked, start=1)}
    brand_id = current_staff().brand_id
    ids = [each.outfit_id for each in liked]
    found = {look.id: look for look in outfits.public_outfits(session, brand_id, ids)}
    return [
        {
            "look": found.get(each.outfit_id),
            "likes": each.likes,
            "stylist": stylists[each.stylist_id],
        }
        for each in liked
    ]
