"""Who moves people, for integrators; and what a stylist may know of herself."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_smorest import Blueprint

from core import clock
from core.errors import Invalid
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.influence import queries
from retail.influence.own import OwnInfluence
from retail.influence.periods import period_of_month
from retail.influence.ranking import ranked
from retail.influence.views import Asked, InfluenceBoard, Travels, find_influencer
from retail.journeys.influence.measure_influence import measure_influence, trace_looks
from retail.journeys.influence.see_own_influence import see_own_influence, see_own_past
from web import months
from web.auth import current_key, current_member, guarded, settings
from web.openapi import schema_of
from web.periods import period_asked
from web.schemas.influence import (
    InfluencerQuery,
    InfluencersPage,
    InfluencersQuery,
    MonthQuery,
    OwnSeasons,
)
from web.write import read

influence = guarded(
    Blueprint("influence", __name__, description="Who moves people, and what that adds"),
    "integrator",
)
own_influence = guarded(
    Blueprint("own_influence", __name__, description="One’s own score"), "member"
)


@influence.get("/influencers")
@read
@influence.arguments(InfluencersQuery, location="query")
@influence.response(200, schema_of(InfluencersPage))
def list_all(session: Any, query: dict[str, Any]) -> InfluencersPage:
    """Stylists of the league in a period, with likes, attributed sales and measured lift."""
    board = measure_influence(session, _asked(session, query), now=clock.now())
    return _page(board, query["sort"], query.get("after"), query["limit"])


@influence.get("/influencers/<member_id>")
@read
@influence.arguments(InfluencerQuery, location="query")
@influence.response(200, schema_of(Travels))
def show(session: Any, query: dict[str, Any], member_id: str) -> Travels:
    """How one stylist's looks travelled in a month. 404 for who is not on the board."""
    asked = _asked(session, query)
    board = measure_influence(session, asked, now=clock.now())
    return trace_looks(session, asked, find_influencer(board, member_id), now=clock.now())


@own_influence.get("/me/influence")
@read
@own_influence.response(200, schema_of(OwnInfluence))
def show_mine(session: Any) -> OwnInfluence:
    """My score on each board, what it is made of, and what would raise it."""
    now, age = clock.now(), settings().minimum_age_years
    me = accounts.get_member(session, current_member().id, now=now, minimum_age=age)
    return see_own_influence(session, me, now=now)


@own_influence.get("/me/influence/seasons")
@read
@own_influence.arguments(MonthQuery, location="query")
@own_influence.response(200, schema_of(OwnSeasons))
def list_my_seasons(session: Any, query: dict[str, Any]) -> OwnSeasons:
    """Where I came in the seasons that ended in a month, the latest first."""
    me, now = current_member(), clock.now()
    zone = brands.get_brand(session, me.brand_id).zone
    among = months.months(now.astimezone(ZoneInfo(zone)).date())
    month = period_of_month(months.chosen(query.get("month"), among, default=1).date())
    since, until = month.span(zone)
    return OwnSeasons(month.first_on, see_own_past(session, me, since=since, until=until))


def _asked(session: Any, query: dict[str, Any]) -> Asked:
    brand = brands.get_brand(session, current_key().brand_id)
    slug = query.get("store")
    store = brands.get_store_by_slug(session, brand.id, slug) if slug else None
    windows = queries.windows_of(session, brand.id, usual_days=settings().attribution_days)
    period = period_asked(session, brand, query)
    return Asked(brand.id, period, windows, store, query.get("hundred_points"))


def _page(board: InfluenceBoard, sort: str, after: str | None, limit: int) -> InfluencersPage:
    rows = [placed.of for placed in ranked(board.rows, sort)]
    start = 0
    if after is not None:
        ids = [row.stylist_id for row in rows]
        if after not in ids:
            raise Invalid("cursor_unknown", "Begin again from the first page.")
        start = ids.index(after) + 1
    shown = rows[start : start + limit]
    is_last = start + limit >= len(rows)
    return InfluencersPage(
        board.period.first_on,
        board.period.last_on,
        board.month.on if board.month else None,
        board.is_over,
        board.windows,
        board.currency,
        board.why,
        board.days_left,
        board.likes,
        board.engaged,
        board.sales_minor,
        board.lift,
        board.tiers,
        tuple(shown),
        None if is_last or not shown else shown[-1].stylist_id,
    )
