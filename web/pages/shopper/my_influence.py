"""My influence: my score, what it is made of, what would raise it, and what the shop sees."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from core import clock
from retail.accounts import queries as accounts
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.brands.queries import BrandView
from retail.engagement.rules import ENGAGED_WITHIN, FEWEST_LIKES
from retail.influence.periods import period_of_month
from retail.influence.rules import FEWEST_PEOPLE
from retail.journeys.influence.see_own_influence import see_own_influence, see_own_past
from web import months
from web.auth import current_member, guarded, settings
from web.pages.formats import day
from web.write import read

my_influence = guarded(Blueprint("my_influence", __name__), by="member_page")


@my_influence.get("/me/influence")
@read
def show(session: Any) -> str:
    """My score in plain words, and what is mine to change."""
    now, age = clock.now(), settings().minimum_age_years
    me = accounts.get_member(session, current_member().id, now=now, minimum_age=age)
    mine = see_own_influence(session, me, now=now)
    brand = brands.get_brand(session, me.brand_id)
    page = {"brand": brand, "viewer": me, "minimum_age": age} | _past(session, me, brand)
    told = {"days": ENGAGED_WITHIN.days, "fewest": FEWEST_PEOPLE, "fewest_likes": FEWEST_LIKES}
    return render_template("shopper/my_influence.html", mine=mine, **page, **told)


def _past(session: Any, me: MemberView, brand: BrandView) -> dict[str, Any]:
    """The month that was asked for, where it is an earlier one, and which there are."""
    among = months.months(clock.now().astimezone(ZoneInfo(brand.zone)).date())
    asked = months.chosen(request.args.get("month"), among)
    past = asked if asked != among[0] else None
    since, until = period_of_month(asked.date()).span(brand.zone)
    seasons = see_own_past(session, me, since=since, until=until) if past else ()
    options = [("", _("Now")), *((f"{one:%Y-%m}", day(one, "UTC", "MMMM y")) for one in among[1:])]
    return {"month_options": options, "past": past, "seasons": seasons}
