"""Which days a reader means: a calendar month, a season of the league, or two dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import clock
from core.errors import Invalid, NotFound
from loyalty.leaderboards import queries as leaderboards
from loyalty.leaderboards.rules import SeasonView
from retail.brands.queries import BrandView
from retail.influence.periods import Period, period_of_month
from web import months

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)
WEEKS_SHOWN = 8


@dataclass(frozen=True)
class SeasonChoice:
    """A season of the brand's own board, as somebody may choose it."""

    id: str
    period: Period


def period_asked(session: Any, brand: BrandView, told: Mapping[str, Any]) -> Period:
    """The days named by `season`, by `from` and `until`, or by `month`; this month without any.

    Raises NotFound for a month or season that isn't at hand, and Invalid, with the fields, for
    dates that are none, in the wrong order, to come, or longer ago than anything is kept.
    """
    today = clock.now().astimezone(ZoneInfo(brand.zone)).date()
    if told.get("season"):
        return _of_season(session, brand, told["season"], today)
    if told.get("from") or told.get("until"):
        return _of_dates(told.get("from"), told.get("until"), today)
    among = months.months(today)
    return period_of_month(months.chosen(told.get("month"), among).date())


def seasons_to_choose(session: Any, brand: BrandView) -> list[SeasonChoice]:
    """The latest weeks of the brand's league, the newest first; its months are months."""
    now = clock.now()
    board = leaderboards.find_board(
        session, brand.id, scope_kind="brand", scope_id=brand.id, cadence="week"
    )
    if board is None:
        return []
    lately = leaderboards.seasons_after(session, board.id, now - WEEKS_SHOWN * 7 * _DAY)
    begun = [one for one in lately if one.starts_at <= now]
    return [SeasonChoice(one.id, _days_of(one, brand)) for one in reversed(begun)]


def _of_season(session: Any, brand: BrandView, season_id: str, today: date) -> Period:
    season = leaderboards.get_season(session, season_id)
    period = _days_of(season, brand)
    if season.programme_id != brand.id or not _first_kept(today) <= period.first_on <= today:
        raise NotFound("season_not_found", "This season isn’t here.")
    return period


def _days_of(season: SeasonView, brand: BrandView) -> Period:
    def day(at: datetime) -> date:
        return at.astimezone(ZoneInfo(brand.zone)).date()

    return Period(day(season.starts_at), day(season.ends_at - _TICK))


def _of_dates(first: date | None, last: date | None, today: date) -> Period:
    kept = _first_kept(today)
    fields: dict[str, list[str]] = {}
    if first is None:
        fields["from"] = ["Say from which day on."]
    elif not kept <= first <= today:
        fields["from"] = [f"Choose a day from {kept} to {today}."]
    if last is None:
        fields["until"] = ["Say until which day."]
    elif last > today:
        fields["until"] = [f"Choose a day up to {today}."]
    elif first is not None and last < first:
        fields["until"] = ["It ends on the day on which it begins, or later."]
    if fields or first is None or last is None:
        raise Invalid("period_unclear", "These two dates are no period.", fields=fields)
    return Period(first, last)


def _first_kept(today: date) -> date:
    return months.months(today)[-1].date()
