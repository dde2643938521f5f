"""What friends reported of what they were asked: end it for everybody, or leave it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from retail.opinions import reports, rules
from retail.staff import roles
from retail.wall_page import queries as wall_page
from web.auth import current_staff, guarded, needs
from web.write import read, write

staff_questions = guarded(
    Blueprint("staff_questions", __name__, url_prefix="/staff/wall/questions"), by="staff_page"
)


@staff_questions.get("")
@needs(roles.MODERATE_WALL)
@read
def show(session: Any) -> str:
    """What waits, the longest waiting first."""
    who = {"seen_by": current_staff()}
    waiting = reports.reported(session, **who, now=clock.now())
    told = {"lengths": wall_page.get_queue_lengths(session, **who), "questions": len(waiting)}
    page = {"waiting": waiting, "reasons": rules.REASONS, "queue": "questions"}
    return render_template("staff/wall_questions.html", **page, **told)


@staff_questions.post("/<opinion_id>/end")
@needs(roles.MODERATE_WALL)
@write
def end(session: Any, opinion_id: str) -> Any:
    """End it for everybody."""
    reports.end(session, opinion_id, staff=current_staff())
    flash(_("Ended. It’s gone from every phone and screen."))
    return redirect("/staff/wall/questions", 303)


@staff_questions.post("/<opinion_id>/leave")
@needs(roles.MODERATE_WALL)
@write
def leave(session: Any, opinion_id: str) -> Any:
    """Leave it to those who are still asked."""
    reports.dismiss(session, opinion_id, staff=current_staff())
    flash(_("Left as it is. Its reports are forgotten."))
    return redirect("/staff/wall/questions", 303)
