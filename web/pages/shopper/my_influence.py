"""My influence: my score, what it is made of, what would raise it, and what the shop sees."""

from typing import Any

from flask import Blueprint, render_template

from core import clock
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.engagement.rules import ENGAGED_WITHIN, FEWEST_LIKES
from retail.influence.rules import FEWEST_PEOPLE
from retail.journeys.influence.see_own_influence import see_own_influence
from web.auth import current_member, guarded, settings
from web.write import read

my_influence = guarded(Blueprint("my_influence", __name__), by="member_page")


@my_influence.get("/me/influence")
@read
def show(session: Any) -> str:
    """My score in plain words, and what is mine to change."""
    now, age = clock.now(), settings().minimum_age_years
    me = accounts.get_member(session, current_member().id, now=now, minimum_age=age)
    mine = see_own_influence(session, me, now=now)
    page = {"brand": brands.get_brand(session, me.brand_id), "viewer": me, "minimum_age": age}
    told = {"days": ENGAGED_WITHIN.days, "fewest": FEWEST_PEOPLE, "fewest_likes": FEWEST_LIKES}
    return render_template("shopper/my_influence.html", mine=mine, **page, **told)
