"""Likes that went further, for marketers: one store and one calendar month at a time.

Months do not overlap and there is no sum of all stores, so that no number that is held back
follows by subtraction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import NotFound
from retail.accounts import queries as accounts
from retail.audiences import queries as audiences
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.engagement import queries, rules
from retail.engagement.queries import Engagements
from retail.staff import roles
from web import months
from web.auth import current_staff, guarded, needs
from web.pages.formats import day
from web.pages.staff.engagement_rows import Row, as_csv, page_of, ranked
from web.pages.staff.rank_shift import draw_shift
from web.write import read

staff_engagement = guarded(
    Blueprint("staff_engagement", __name__, url_prefix="/staff"), by="staff_page"
)
SORTS = ("likes", "engaged")
_STYLIST: Mapping[str, Callable[[Row], str]] = {"stylist": lambda row: row.name}
_LOOK: Mapping[str, Callable[[Row], str]] = {
    "look": lambda row: row.name,
    "stylist": lambda row: row.by,
    "look_id": lambda row: row.look.id if row.look else "",
}


@dataclass(frozen=True)
class Asked:
    """What a reader chose, and what they may choose from."""

    stores: list[StoreView]
    store: StoreView
    months: list[datetime]
    month: datetime
    sort: str

    def address(self, **other: Any) -> str:
        """The page with these choices, some of them different."""
        chosen = {"store": self.store.slug, "month": f"{self.month:%Y-%m}", "sort": self.sort}
        return "?" + "&".join(f"{name}={value}" for name, value in (chosen | other).items())


@staff_engagement.get("/engagement")
@needs(roles.SEE_ENGAGEMENT)
@read
def show(session: Any) -> str:
    """The stylists and looks of a store in a month, those first that are best at what is asked."""
    asked = _asked(session)
    found = _found(session, asked)
    return render_template(
        "staff/engagement.html", asked=asked, **_figures(session, asked, found), **_words(asked)
    )


@staff_engagement.get("/engagement.csv")
@needs(roles.SEE_ENGAGEMENT)
@read
def download(session: Any) -> Response:
    """The stylists as a file."""
    asked = _asked(session)
    rows = ranked(_stylists(session, _found(session, asked)), asked.sort)
    return _file(asked, "stylists", as_csv(rows, _STYLIST))


@staff_engagement.get("/engagement/looks.csv")
@needs(roles.SEE_ENGAGEMENT)
@read
def download_looks(session: Any) -> Response:
    """The looks as a file."""
    asked = _asked(session)
    rows = ranked(_looks(_found(session, asked)), asked.sort)
    return _file(asked, "looks", as_csv(rows, _LOOK))


def _figures(session: Any, asked: Asked, found: Engagements) -> dict[str, Any]:
    stylists = ranked(_stylists(session, found), asked.sort)
    return {
        "stylists": page_of(stylists, request.args.get("page")),
        "looks": page_of(ranked(_looks(found), asked.sort), request.args.get("looks")),
        "shift": draw_shift(stylists),
        "total": rules.total(one.told for one in found.stylists),
        "set_aside": found.set_aside,
        "makers": audiences.makers_liked(session, asked.store, now=clock.now()),
    }


def _words(asked: Asked) -> dict[str, Any]:
    return {
        "deeds": rules.DEEDS,
        "days": rules.ENGAGED_WITHIN.days,
        "fewest": rules.FEWEST_PEOPLE,
        "now": clock.now(),
        "store_options": [(each.slug, each.name) for each in asked.stores],
        "month_options": [(f"{each:%Y-%m}", day(each, "UTC", "MMMM y")) for each in asked.months],
    }


def _stylists(session: Any, found: Engagements) -> list[Row]:
    names = accounts.members_by_id(session, [one.stylist_id for one in found.stylists])
    return [
        Row(names[one.stylist_id].public_name, "", one.told)
        for one in found.stylists
        if one.stylist_id in names
    ]


def _looks(found: Engagements) -> list[Row]:
    return [
        Row(one.look.caption, one.look.stylist_name, one.told, look=one.look) for one in found.looks
    ]


def _file(asked: Asked, what: str, text: str) -> Response:
    name = f"engagement-{_(what)}-{asked.store.slug}-{asked.month:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(session: Any) -> Asked:
    me = current_staff()
    stores = [
        store
        for store in brands.list_stores(session, me.brand_id)
        if me.store_id in (None, store.id)
    ]
    slug = request.args.get("store")
    chosen = [store for store in stores if slug in (None, "", store.slug)]
    if not chosen:
        raise NotFound("store_not_found", "This store isn’t here.")
    choice = months.months(clock.now().astimezone(ZoneInfo(chosen[0].zone)).date())
    month = months.chosen(request.args.get("month"), choice)
    sort = request.args.get("sort", SORTS[0])
    return Asked(stores, chosen[0], choice, month, sort if sort in SORTS else SORTS[0])


def _found(session: Any, asked: Asked) -> Engagements:
    zone = ZoneInfo(asked.store.zone)
    starts_at, ends_at = (
        datetime.combine(first.date(), time(), zone)
        for first in (asked.month, months.shifted(asked.month, 1))
    )
    span = {"starts_at": starts_at, "ends_at": ends_at}
    return queries.engagement_of(session, asked.store.brand_id, store_id=asked.store.id, **span)
