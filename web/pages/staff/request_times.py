"""How long fitting rooms waited, by store and day: of goods and hours, never of shoppers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from core import clock
from core.days import day_start
from retail.brands.queries import StoreView
from retail.fitting_rooms import queries
from retail.fitting_rooms.rules import Waits, waits_of
from retail.staff import roles
from web.auth import guarded, needs
from web.pages.staff.devices import my_stores
from web.write import read

staff_request_times = guarded(
    Blueprint("staff_request_times", __name__, url_prefix="/staff/request-times"),
    by="staff_page",
)
DAYS = 14


@dataclass(frozen=True)
class DayOfWaits:
    """The figures of one store on one of its days."""

    store: StoreView
    on: date
    waits: Waits


@staff_request_times.get("")
@needs(roles.SEE_REQUEST_TIMES)
@read
def show(session: Any) -> str:
    """The last fortnight, today first."""
    rows = [row for store in my_stores(session).values() for row in days_of(session, store)]
    rows.sort(key=lambda row: (-row.on.toordinal(), row.store.name))
    return render_template("staff/request_times.html", rows=rows, days=DAYS, minutes=minutes)


def days_of(session: Any, store: StoreView) -> list[DayOfWaits]:
    """The days of a store's last fortnight on which something was asked for."""
    now, zone = clock.now(), ZoneInfo(store.zone)
    first = now.astimezone(zone).date() - timedelta(days=DAYS - 1)
    since = day_start(first, zone)
    found: dict[date, list[Any]] = {}
    for one in queries.timelines(session, [store.id], since=since, until=_after(now)):
        found.setdefault(one.asked_at.astimezone(zone).date(), []).append(one)
    return [DayOfWaits(store, on, waits_of(every)) for on, every in found.items()]


def minutes(span: timedelta | None) -> str:
    """A time as minutes and seconds, 1:05; a dash for none."""
    if span is None:
        return "–"
    seconds = round(span.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def _after(now: datetime) -> datetime:
    return now + timedelta(seconds=1)
