"""Looking after the wall: what was reported, waits or is hidden, and deciding about it."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core import clock
from core.errors import Forbidden, SwingtagError
from retail.opinions import reports
from retail.staff import roles
from retail.wall import queries as wall
from retail.wall import rules, service
from retail.wall_page import queries
from retail.wall_rules import queries as wall_rules
from retail.wall_rules import service as wall_rules_service
from retail.wall_rules.queries import RulesView
from web.auth import current_staff, guarded, needs
from web.fields import limits, read_form
from web.pages.again import shown_again
from web.pages.fragments import unless_known
from web.schemas.wall import BannedWord, Decision, WallRules
from web.write import read, write

staff_wall = guarded(Blueprint("staff_wall", __name__, url_prefix="/staff/wall"), by="staff_page")
staff_wall_live = guarded(
    Blueprint("staff_wall_live", __name__, url_prefix="/staff/live/wall"), by="staff_live"
)


@staff_wall.get("")
@needs(roles.MODERATE_WALL)
@read
def show(session: Any) -> Any:
    """The first of a queue, to be decided on."""
    waiting = queries.get_queue(session, _asked_queue(), seen_by=current_staff())
    first = waiting[0].post.outfit_id if waiting else None
    return _page(session, first, waiting=waiting)


@staff_wall.get("/<outfit_id>")
@needs(roles.MODERATE_WALL)
@read
def look(session: Any, outfit_id: str, error: SwingtagError | None = None) -> Any:
    """One look, with everything that was decided about it."""
    return _page(session, outfit_id, error=error)


@staff_wall.post("/<outfit_id>")
@needs(roles.MODERATE_WALL)
@shown_again(look)
@write
def decide(session: Any, outfit_id: str) -> Any:
    """Hide it or let it hang, unless somebody was faster."""
    given, staff, now = read_form(Decision), current_staff(), clock.now()
    version = given.pop("version")
    decision_id = service.decide(
        session, outfit_id, staff=staff, **given, expected_version=version, now=now
    )
    return redirect(url_for("staff_wall.show", show=_asked_queue(), decided=decision_id), 303)


@staff_wall.post("/decisions/<decision_id>/undo")
@needs(roles.MODERATE_WALL)
@write
def undo(session: Any, decision_id: str) -> Any:
    """Put it back to how it was."""
    outfit_id = service.undo(session, decision_id, staff=current_staff(), now=clock.now())
    flash(_("Taken back. It is as it was."))
    return redirect(url_for("staff_wall.look", outfit_id=outfit_id), 303)


@staff_wall.get("/rules")
@needs(roles.SET_WALL)
@read
def show_rules(session: Any, error: SwingtagError | None = None) -> str:
    """Banned words, and when looks are checked."""
    brand_id = current_staff().brand_id
    page = {"words": wall_rules.banned_words(session, brand_id), "limits": limits(BannedWord)}
    current, is_brands = wall_rules.rules_of(session, brand_id), current_staff().store_id is None
    return render_template(
        "staff/wall_rules.html", error=error, rules=current, is_brands=is_brands, **page
    )


@staff_wall.post("/rules")
@needs(roles.SET_WALL)
@shown_again(show_rules)
@write
def set_rules(session: Any) -> Any:
    """Change when looks are checked; what hangs stays."""
    brand_id, wanted = _own_brand(), RulesView(**read_form(WallRules))
    wall_rules_service.set_rules(session, brand_id, wanted)
    return _back_to_rules(_("Those are the rules from now on."))


@staff_wall.post("/rules/words")
@needs(roles.SET_WALL)
@shown_again(show_rules)
@write
def ban(session: Any) -> Any:
    """Ban a word; what hangs with it waits within seconds."""
    _own_brand()
    word = read_form(BannedWord)["word"]
    wall_rules_service.ban_word(session, word, staff=current_staff(), now=clock.now())
    return _back_to_rules(_("Looks with that word wait for a person from now on."))


@staff_wall.post("/rules/words/<word>/allow")
@needs(roles.SET_WALL)
@write
def allow(session: Any, word: str) -> Any:
    """Take a word off the list."""
    _own_brand()
    wall_rules_service.allow_word(session, word, staff=current_staff())
    return _back_to_rules(_("Taken off the list."))


@staff_wall_live.get("/queue")
@needs(roles.MODERATE_WALL)
@read
def queue(session: Any) -> Response:
    """The queue's tickets, fetched again when something happens."""
    waiting = queries.get_queue(session, _asked_queue(), seen_by=current_staff())
    return unless_known(render_template("staff/wall_queue.html", **_queue(session, waiting)))


def _page(
    session: Any,
    outfit_id: str | None,
    *,
    waiting: list[queries.Judged] | None = None,
    error: SwingtagError | None = None,
) -> str:
    staff = current_staff()
    judged = queries.get_judged(session, outfit_id, seen_by=staff) if outfit_id else None
    if waiting is None:
        waiting = queries.get_queue(session, _asked_queue(), seen_by=staff)
    return render_template(
        "staff/wall.html",
        judged=judged,
        history=wall.history(session, outfit_id) if outfit_id else [],
        reasons=rules.REASONS,
        error=error,
        limits=limits(Decision),
        topics=[f"brand:{staff.brand_id}"],
        **_queue(session, waiting),
    )


def _queue(session: Any, waiting: list[queries.Judged]) -> dict[str, Any]:
    staff, now = current_staff(), clock.now()
    return {
        "waiting": waiting,
        "queue": _asked_queue(),
        "lengths": queries.get_queue_lengths(session, seen_by=staff),
        "questions": reports.count_reported(session, seen_by=staff, now=now),
        "now": now,
    }


def _asked_queue() -> str:
    asked = request.values.get("show", "")
    return asked if asked in wall.QUEUES else wall.TO_DO


def _own_brand() -> str:
    """The brand whose rules they may change: all its stores share them."""
    staff = current_staff()
    if staff.store_id is not None:
        raise Forbidden("rules_are_the_brands", _("These rules are for every store of the brand."))
    return staff.brand_id


def _back_to_rules(said: str) -> Any:
    flash(said)
    return redirect(url_for("staff_wall.show_rules"), 303)
