"""Who moves people: likes, what they led to, and what is sold because stylists are heard of.

One calendar month at a time: months do not overlap, so nothing follows by taking one from another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import Invalid, NotFound, SwingtagError
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.engagement.rules import ENGAGED_WITHIN
from retail.influence.ranking import SORTS, ranked
from retail.influence.rules import FEWEST_PEOPLE, SETTLES_AFTER, month_from
from retail.influence.suggest import suggest
from retail.influence.views import Asked, InfluenceBoard, find_influencer
from retail.journeys.influence.keep_from_influence import running, start_keeping, stop_keeping
from retail.journeys.influence.measure_influence import measure_influence, trace_looks
from retail.staff import roles
from web import months
from web.auth import current_staff, guarded, needs, settings
from web.fields import read_form, read_query
from web.pages.again import shown_again
from web.pages.formats import day
from web.pages.staff.campaigns import planner
from web.pages.staff.engagement_rows import page_of
from web.pages.staff.influence_plot import scale_of
from web.pages.staff.influence_rows import as_csv
from web.pages.staff.rank_shift import Entry, Shift, shift_of
from web.schemas.experiments import HoldoutOfAll
from web.schemas.influence import InfluenceQuery
from web.write import read, write

staff_influencers = guarded(
    Blueprint("staff_influencers", __name__, url_prefix="/staff/influencers"), by="staff_page"
)


@dataclass(frozen=True)
class Choice:
    """What a reader chose, and what they may choose from; `store` is None for all of them."""

    brand: BrandView
    stores: list[StoreView]
    store: StoreView | None
    months: list[datetime]
    month: datetime
    sort: str
    assumed: Mapping[str, Any]
    error: Invalid | None

    def address(self, **other: Any) -> str:
        """The page with these choices, some of them different."""
        mine = {
            "store": self.store.slug if self.store else "",
            "month": f"{self.month:%Y-%m}",
            "sort": self.sort,
            "hundred_points": "" if self.error else request.args.get("hundred_points", ""),
        }
        return "?" + urlencode({key: one for key, one in (mine | other).items() if one})

    @property
    def asked(self) -> Asked:
        """The same for whoever reckons."""
        month = month_from(self.month.date(), self.brand.zone)
        within = timedelta(days=settings().attribution_days)
        return Asked(self.brand.id, month, within, self.store, **self.assumed)


@staff_influencers.get("")
@needs(roles.SEE_ENGAGEMENT)
@read
def show(session: Any, error: SwingtagError | None = None) -> Any:
    """The stylists of a month, those first that are best at what is asked."""
    choice = _choice(session)
    board = measure_influence(session, choice.asked, now=clock.now())
    page = _figures(choice, board) | _words(choice) | {"kept": _kept(session, choice)}
    told = render_template("staff/influencers.html", board=board, error=error, **page)
    return told, 422 if choice.error else 200


@staff_influencers.get("/figures.csv")
@needs(roles.SEE_ENGAGEMENT)
@read
def download(session: Any) -> Response:
    """The same as a file."""
    choice = _choice(session)
    board = measure_influence(session, choice.asked, now=clock.now())
    name = f"influencers-{choice.month:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = as_csv(board, ranked(board.rows, choice.sort))
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@staff_influencers.get("/<member_id>")
@needs(roles.SEE_ENGAGEMENT)
@read
def show_one(session: Any, member_id: str) -> str:
    """How one stylist's looks travelled, and what they sold."""
    choice = _of_all_stores(_choice(session))
    board = measure_influence(session, choice.asked, now=clock.now())
    row = find_influencer(board, member_id)
    travels = trace_looks(session, choice.asked, row)
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


@staff_influencers.post("/holdout/end")
@needs(roles.PLAN_CAMPAIGNS)
@write
def end(session: Any) -> Any:
    """Let everybody hear of friends again."""
    stop_keeping(session, planner().brand_id, now=clock.now())
    flash(_("Nobody is kept back any more. What was measured stays."))
    return redirect("/staff/influencers", 303)


def _choice(session: Any) -> Choice:
    me = current_staff()
    brand = brands.get_brand(session, me.brand_id)
    stores = [one for one in brands.list_stores(session, brand.id) if me.store_id in (None, one.id)]
    slug = request.args.get("store")
    mine = [one for one in stores if one.slug == slug or one.id == me.store_id]
    if slug and not any(one.slug == slug for one in mine):
        raise NotFound("store_not_found", "This store isn’t here.")
    try:
        assumed, error = read_query(InfluenceQuery), None
    except Invalid as wrong:
        assumed, error = {}, wrong
    among = months.months(clock.now().astimezone(ZoneInfo(brand.zone)).date())
    month = months.chosen(request.args.get("month"), among)
    sort = request.args.get("sort", SORTS[0])
    sort = sort if sort in SORTS else SORTS[0]
    return Choice(brand, stores, mine[0] if mine else None, among, month, sort, assumed, error)


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
    return {
        "choice": choice,
        "days": settings().attribution_days,
        "engaged_days": ENGAGED_WITHIN.days,
        "settles": SETTLES_AFTER.days,
        "fewest": FEWEST_PEOPLE,
        "now": clock.now(),
        "store_options": [("", _("All stores")), *((one.slug, one.name) for one in choice.stores)],
        "month_options": [(f"{one:%Y-%m}", day(one, "UTC", "MMMM y")) for one in choice.months],
    }
