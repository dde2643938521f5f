"""Likes that went further, for marketers: one store and one calendar month at a time.

Months do not overlap and there is no sum of all stores, so that no number that is held back
follows by subtraction.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from core import clock
from core.errors import NotFound
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import StoreView
from retail.engagement import queries
from retail.engagement.rules import FEWEST_PEOPLE, StylistEngagement
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.pages.formats import day
from web.write import read

staff_engagement = guarded(
    Blueprint("staff_engagement", __name__, url_prefix="/staff"), by="staff_page"
)
MONTHS_SHOWN = 6
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """A stylist's month; None where too few people stand behind a number."""

    name: str
    people: int | None
    likes: int | None
    engaged: int | None

    @property
    def empty(self) -> int | None:
        """The likes after which nothing came."""
        return None if self.likes is None or self.engaged is None else self.likes - self.engaged


@staff_engagement.get("/engagement")
@needs(roles.SEE_ENGAGEMENT)
@read
def show(session: Any) -> str:
    """The stylists of a store in a month, the most liked first."""
    stores, store, months, month = _asked(session)
    page = {"rows": _rows(session, store, month), "fewest": FEWEST_PEOPLE, "store": store}
    return render_template("staff/engagement.html", month=month, **page, **_options(stores, months))


def _options(stores: list[StoreView], months: list[datetime]) -> dict[str, Any]:
    return {
        "store_options": [(each.slug, each.name) for each in stores],
        "month_options": [(f"{each:%Y-%m}", day(each, "UTC", "MMMM y")) for each in months],
    }


@staff_engagement.get("/engagement.csv")
@needs(roles.SEE_ENGAGEMENT)
@read
def download(session: Any) -> Response:
    """The same as a file."""
    _stores, store, _months, month = _asked(session)
    name = f"engagement-{store.slug}-{month:%Y-%m}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    text = _as_csv(_rows(session, store, month))
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(session: Any) -> tuple[list[StoreView], StoreView, list[datetime], datetime]:
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
    months = _months(clock.now().astimezone(ZoneInfo(chosen[0].zone)).date())
    told = request.args.get("month")
    month = next((one for one in months if f"{one:%Y-%m}" == told), None) if told else months[0]
    if month is None:
        raise NotFound("month_not_found", "We don’t keep this month at hand.")
    return stores, chosen[0], months, month


def _months(today: date) -> list[datetime]:
    # At noon, each lies in its month by the clock of every zone.
    months = [datetime.combine(today.replace(day=1), time(12), UTC)]
    while len(months) < MONTHS_SHOWN:
        months.append(_shifted(months[-1], -1))
    return months


def _shifted(month: datetime, by: int) -> datetime:
    number = month.year * 12 + month.month - 1 + by
    return month.replace(year=number // 12, month=number % 12 + 1)


def _rows(session: Any, store: StoreView, month: datetime) -> list[Row]:
    zone = ZoneInfo(store.zone)
    starts_at, ends_at = (
        datetime.combine(first.date(), time(), zone) for first in (month, _shifted(month, 1))
    )
    span = {"starts_at": starts_at, "ends_at": ends_at}
    found = queries.engagement_of(session, store.brand_id, store_id=store.id, **span)
    names = accounts.members_by_id(session, [one.stylist_id for one in found])
    return [_row(one, names[one.stylist_id]) for one in found if one.stylist_id in names]


def _row(one: StylistEngagement, stylist: MemberView) -> Row:
    return Row(stylist.public_name, one.people, one.likes, one.engaged)


def _as_csv(rows: list[Row]) -> str:
    paper = StringIO()
    sheet = csv.writer(paper)
    sheet.writerow(["stylist", "people", "likes", "likes_that_went_further", "empty_likes"])
    for row in rows:
        numbers = (row.people, row.likes, row.engaged, row.empty)
        sheet.writerow([_plain(row.name), *(_number(one) for one in numbers)])
    return paper.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(one: int | None) -> str:
    return _("not shown") if one is None else str(one)
