"""What is left of every budget, and when it runs out at the pace of the last days."""

from typing import Any

from flask import Blueprint, render_template

from core import clock
from retail.brands import queries as brands
from retail.liability import pace
from retail.liability.budgets import budgets_of
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.write import read

staff_budgets = guarded(Blueprint("staff_budgets", __name__, url_prefix="/staff"), by="staff_page")


@staff_budgets.get("/budgets")
@needs(roles.PLAN_CAMPAIGNS)
@read
def show(session: Any) -> str:
    """Every budget, the most urgent first."""
    brand_id, now = current_staff().brand_id, clock.now()
    found = budgets_of(session, brand_id, now=now)
    rows = [(one, pace.runs_out_at(one, now)) for one in found]
    page = {"brand": brands.get_brand(session, brand_id), "days": pace.PACE.days, "now": now}
    return render_template("staff/budgets.html", rows=rows, near=pace.NEAR_PERCENT, **page)
