"""Who moves people: likes, what they led to, and what is sold because stylists are heard of.

Calendar months are told whole; other days in batches of ten people, so that nothing of one person
follows by taking one period from another.
"""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from core import clock
from core.errors import NotFound, SwingtagError
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.engagement.rules import ENGAGED_WITHIN
from retail.influence.periods import Window, following_month
from retail.influence.ranking import ranked
from retail.influence.rules import FEWEST_PEOPLE, SETTLES_AFTER
from retail.influence.service import choose_window
from retail.influence.suggest import suggest
from retail.influence.views import InfluenceBoard, find_influencer
from retail.journeys.influence.keep_from_influence import running, start_keeping, stop_keeping
from retail.journeys.influence.measure_influence import measure_influence, trace_looks
from retail.staff import roles
from web.auth import guarded, needs, settings
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.formats import calendar_day
from web.pages.staff.campaigns import planner
from web.pages.staff.engagement_rows import page_of
from web.pages.staff.influence_choice import Choice, period_words, read_choice
from web.pages.staff.influence_plot import scale_of
from web.pages.staff.influence_rows import as_csv
from web.pages.staff.rank_shift import Entry, Shift, shift_of
from web.schemas.experiments import HoldoutOfAll
from web.schemas.influence import WindowInput
from web.write import read, write

staff_influencers = guarded(
    Blueprint("staff_influencers", __name__, url_prefix="/staff/influencers"), by="staff_page"
)


@staff_influencers.get("")
@needs(roles.SEE_ENGAGEMENT)
@read
def show(session: Any, error: SwingtagError | None = None) -> Any:
    """The stylists of a month, those first that are best at what is asked."""
    choice = read_choice(session)
    board = measure_influence(session, choice.asked, now=clock.now())
    page = _figures(choice, board) | _words(choice) | {"kept": _kept(session, choice)}
    told = render_template("staff/influencers.html", board=board, error=error, **page)
    return told, 422 if choice.errors else 200


@staff_influencers.get("/figures.csv")
@needs(roles.SEE_ENGAGEMENT)
@read
def download(session: Any) -> Response:
    """The same as a file."""
    choice = read_choice(session)
    board = measure_influence(session, choice.asked, now=clock.now())
    name = f"influencers-{board.period.first_on}-{board.period.last_on}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = as_csv(board, ranked(board.rows, choice.sort))
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@staff_influencers.get("/<member_id>")
@needs(roles.SEE_ENGAGEMENT)
@read
def show_one(session: Any, member_id: str) -> str:
    """How one stylist's looks travelled, and what they sold."""
    choice = _of_all_stores(read_choice(session))
    board = measure_influence(session, choice.asked, now=clock.now())
    row = find_influencer(board, member_id)
    travels = trace_looks(session, choice.asked, row, now=clock.now())
    page = {"board": board, "row": row, "travels": travels, "scale": scale_of([row.lift])}
    return render_template("staff/influencer.html", **page, **_words(choice))


@staff_influencers.post("/holdout")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(show)
@write
def keep_back(session: Any) -> Any:
    """Keep some members from hearing of friends, to measure what that sells."""
    start_keeping(session, planner().brand_id, now=clock.now(), **read_form(HoldoutOfAll))
    flash(_("From now on some are kept back, and what stylists add is measured."))
    return redirect("/staff/influencers", 303)


@staff_influencers.post("/window")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(show)
@write
def credit_by(session: Any) -> Any:
    """Credit sales by another window from next month on."""
    days, me = read_form(WindowInput)["days"], planner()
    since = _choose_window(session, brands.get_brand(session, me.brand_id), days)
    flash(_("From %(day)s on a sale is credited by this. Months before keep theirs.", day=since))
    return redirect("/staff/influencers", 303)


@staff_influencers.post("/holdout/end")
@needs(roles.PLAN_CAMPAIGNS)
@write
def end(session: Any) -> Any:
    """Let everybody hear of friends again."""
    stop_keeping(session, planner().brand_id, now=clock.now())
    flash(_("Nobody is kept back any more. What was measured stays."))
    return redirect("/staff/influencers", 303)


def _of_all_stores(choice: Choice) -> Choice:
    """The choice, where it is of the whole brand. Raises NotFound for who works in one store."""
    if choice.store is not None:
        raise NotFound("stylist_not_found", "This stylist isn’t on the board.")
    return choice


def _kept(session: Any, choice: Choice) -> Any:
    """The experiment that runs, for those who see the whole brand."""
    return None if choice.store else running(session, choice.brand.id, now=clock.now())


def _figures(choice: Choice, board: InfluenceBoard) -> dict[str, Any]:
    page = page_of(ranked(board.rows, choice.sort), request.args.get("page"))
    return {
        "page": page,
        "scale": scale_of(placed.of.lift for placed in page.rows),
        "shift": _shift(board),
        "next": suggest(board),
        "longest": max((one.sales_minor or 0 for one in board.tiers), default=0),
    }


def _shift(board: InfluenceBoard) -> Shift | None:
    """Places by likes and by sales, of those of whom both are told."""
    return shift_of(
        Entry(row.name, row.likes, row.sales_minor)
        for row in board.rows
        if row.likes is not None and row.sales_minor is not None
    )


def _words(choice: Choice) -> dict[str, Any]:
    following = following_month(choice.today)
    return {
        "choice": choice,
        "period": period_words(choice.period),
        "windows": _window_words(choice.windows.of(choice.period)),
        "window_now": choice.windows.days_in(choice.today),
        "window_next": choice.windows.days_in(following),
        "next_month": calendar_day(following),
        "engaged_days": ENGAGED_WITHIN.days,
        "settles": SETTLES_AFTER.days,
        "fewest": FEWEST_PEOPLE,
        "now": clock.now(),
        "store_options": [("", _("All stores")), *((one.slug, one.name) for one in choice.stores)],
    }


def _window_words(windows: Sequence[Window]) -> str:
    """How long before a sale something may have led to it, in words: 14 days."""
    first, *later = windows
    told = ngettext("%(num)s day", "%(num)s days", first.days)
    for one in later:
        days = ngettext("%(num)s day", "%(num)s days", one.days)
        told += _(", from %(day)s on %(days)s", day=calendar_day(one.since), days=days)
    return str(told)


def _choose_window(session: Any, brand: BrandView, days: int) -> str:
    now, usual = clock.now(), settings().attribution_days
    today = now.astimezone(ZoneInfo(brand.zone)).date()
    since = choose_window(session, brand.id, days, today=today, usual_days=usual, now=now)
    return str(calendar_day(since))
