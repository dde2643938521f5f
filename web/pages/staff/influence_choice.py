"""What a reader of the board of stylists chose: which days, which store, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _
from marshmallow import Schema

from core import clock
from core.errors import Invalid, NotFound
from retail.brands import queries as brands
from retail.brands.queries import BrandView, StoreView
from retail.influence import queries
from retail.influence.periods import Period, Windows
from retail.influence.ranking import SORTS
from retail.influence.views import Asked
from web import months
from web.auth import current_staff, settings
from web.fields import read_query
from web.pages.formats import calendar_day, day
from web.periods import SeasonChoice, period_asked, seasons_to_choose
from web.schemas.influence import InfluenceQuery, PeriodQuery

_SEASON_ID_LENGTH = 26


@dataclass(frozen=True)
class Choice:
    """What a reader chose, and what they may choose from; `store` is None for all of them.

    `named` are the days as the address names them, `errors` what is wrong with it, by field.
    """

    brand: BrandView
    stores: list[StoreView]
    store: StoreView | None
    months: list[datetime]
    seasons: list[SeasonChoice]
    period: Period
    named: Mapping[str, str]
    windows: Windows
    sort: str
    assumed: Mapping[str, Any]
    errors: Mapping[str, list[str]] = field(default_factory=dict)

    def address(self, **other: Any) -> str:
        """The page with these choices, some of them different."""
        is_wrong = "hundred_points" in self.errors
        mine = {
            "store": self.store.slug if self.store else "",
            **self.named,
            "sort": self.sort,
            "hundred_points": "" if is_wrong else request.args.get("hundred_points", ""),
        }
        return "?" + urlencode({key: one for key, one in (mine | other).items() if one})

    @property
    def asked(self) -> Asked:
        """The same for whoever reckons."""
        return Asked(self.brand.id, self.period, self.windows, self.store, **self.assumed)

    @property
    def chosen_period(self) -> str:
        """What of the list of months and seasons is chosen; nothing for two dates."""
        return self.named.get("month") or self.named.get("season") or ""

    @property
    def today(self) -> date:
        """What the brand's calendar says."""
        return clock.now().astimezone(ZoneInfo(self.brand.zone)).date()

    @property
    def period_options(self) -> list[tuple[str, str]]:
        """The months and the weeks of the league that may be chosen, in words."""
        named = [_("This month"), _("Last month")]
        found = [
            (f"{one:%Y-%m}", f"{named[at]}, {name}" if at < len(named) else name)
            for at, one in enumerate(self.months)
            for name in [day(one, "UTC", "MMMM y")]
        ]
        found += [
            (one.id, _("League week of %(day)s", day=calendar_day(one.period.first_on)))
            for one in self.seasons
        ]
        return found if self.chosen_period else [("", period_words(self.period)), *found]


def period_words(period: Period) -> str:
    """A period as a reader calls it: November 2026, or 3 to 9 November 2026."""
    if period.is_month:
        return str(calendar_day(period.last_on, "MMMM y"))
    until = str(calendar_day(period.last_on, "d MMMM y"))
    if period.first_on == period.last_on:
        return until
    return _("%(first)s to %(last)s", first=calendar_day(period.first_on), last=until)


def read_choice(session: Any) -> Choice:
    """What the address says. Raises NotFound for a store, month or season that isn't here."""
    me = current_staff()
    brand = brands.get_brand(session, me.brand_id)
    stores = [one for one in brands.list_stores(session, brand.id) if me.store_id in (None, one.id)]
    assumed, wrong = _read(InfluenceQuery)
    period, named, errors = _period(session, brand)
    sort = request.args.get("sort", SORTS[0])
    return Choice(
        brand,
        stores,
        _store(stores, me.store_id),
        months.months(clock.now().astimezone(ZoneInfo(brand.zone)).date()),
        seasons_to_choose(session, brand),
        period,
        named,
        queries.windows_of(session, brand.id, usual_days=settings().attribution_days),
        sort if sort in SORTS else SORTS[0],
        assumed,
        wrong | errors,
    )


def _store(stores: list[StoreView], own_id: str | None) -> StoreView | None:
    slug = request.args.get("store")
    mine = [one for one in stores if one.slug == slug or one.id == own_id]
    if slug and not any(one.slug == slug for one in mine):
        raise NotFound("store_not_found", "This store isn’t here.")
    return mine[0] if mine else None


def _period(
    session: Any, brand: BrandView
) -> tuple[Period, Mapping[str, str], dict[str, list[str]]]:
    """The days that were asked for, how the address names them, and what is wrong with it.

    Where something is, the page goes on about this month.
    """
    told, errors = _read(PeriodQuery)
    chosen = request.args.get("period", "")
    if chosen:
        told = {"season" if len(chosen) == _SEASON_ID_LENGTH else "month": chosen}
    try:
        period = period_asked(session, brand, {} if errors else told)
    except Invalid as wrong:
        errors, told = wrong.data["fields"], {}
        period = period_asked(session, brand, {})
    if errors or not told:
        told = {"month": f"{period.first_on:%Y-%m}"}
    return period, {key: str(one) for key, one in told.items()}, errors


def _read(schema: type[Schema]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    try:
        return read_query(schema), {}
    except Invalid as wrong:
        return {}, dict(wrong.data["fields"])
