"""What campaigns change: the list of experiments, and each with its lift and interval."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template
from flask_babel import gettext as _

from core import clock
from core.errors import SwingtagError
from retail.brands import queries as brands
from retail.catalogue import sheets
from retail.journeys.campaigns.hold_out_of_all import end_holdout_of_all, hold_out_of_all
from retail.journeys.campaigns.measure_experiment import (
    FEWEST_PEOPLE,
    ExperimentResult,
    list_experiments,
    measure_experiment,
)
from retail.staff import roles
from web.auth import current_staff, guarded, needs
from web.fields import read_form
from web.pages.again import shown_again
from web.pages.staff.campaigns import planner
from web.pages.staff.lift_plot import draw_lift
from web.schemas.experiments import HoldoutOfAll
from web.write import read, write

staff_experiments = guarded(
    Blueprint("staff_experiments", __name__, url_prefix="/staff/experiments"), by="staff_page"
)
COLUMNS = ("what", "unit", "treated", "held_out", "difference", "low_95", "high_95")


@staff_experiments.get("")
@needs(roles.PLAN_CAMPAIGNS)
@read
def show(session: Any, error: SwingtagError | None = None) -> str:
    """Every experiment, with how many people it decided about."""
    brand_id, now = current_staff().brand_id, clock.now()
    rows = list_experiments(session, brand_id, now=now)
    page = {"brand": brands.get_brand(session, brand_id), "fewest": FEWEST_PEOPLE, "now": now}
    return render_template("staff/experiments.html", rows=rows, error=error, **page)


@staff_experiments.post("")
@needs(roles.PLAN_CAMPAIGNS)
@shown_again(show)
@write
def start(session: Any) -> Any:
    """Keep some members back from every campaign."""
    wanted, now = read_form(HoldoutOfAll), clock.now()
    made = hold_out_of_all(session, planner().brand_id, now=now, **wanted)
    flash(_("From now on they are kept back from every campaign."))
    return redirect(f"/staff/experiments/{made}", 303)


@staff_experiments.get("/<experiment_id>")
@needs(roles.PLAN_CAMPAIGNS)
@read
def show_one(session: Any, experiment_id: str) -> str:
    """What members who could get it did, beside those who were kept back."""
    brand_id, now = current_staff().brand_id, clock.now()
    found = measure_experiment(session, brand_id, experiment_id, now=now)
    plots = {one: draw_lift(one) for one in (found.spent, found.came_back) if one is not None}
    page = {"brand": brands.get_brand(session, brand_id), "fewest": FEWEST_PEOPLE, "now": now}
    return render_template("staff/experiment.html", found=found, plots=plots, **page)


@staff_experiments.get("/<experiment_id>/figures.csv")
@needs(roles.PLAN_CAMPAIGNS)
@read
def download(session: Any, experiment_id: str) -> Response:
    """The same as a file."""
    brand_id = current_staff().brand_id
    found = measure_experiment(session, brand_id, experiment_id, now=clock.now())
    headers = {"Content-Disposition": f'attachment; filename="experiment-{experiment_id}.csv"'}
    text = sheets.write(COLUMNS, _lines(found))
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@staff_experiments.post("/<experiment_id>/end")
@needs(roles.PLAN_CAMPAIGNS)
@write
def end(session: Any, experiment_id: str) -> Any:
    """Let everybody have every campaign again."""
    end_holdout_of_all(session, planner().brand_id, experiment_id, now=clock.now())
    flash(_("Nobody is kept back from every campaign any more."))
    return redirect(f"/staff/experiments/{experiment_id}", 303)


def _lines(found: ExperimentResult) -> Iterator[tuple[str, ...]]:
    row = found.experiment
    people = (row.treated_people, row.held_out_people)
    told = ("" if one is None else str(one) for one in people)
    yield ("people", "people", *told, "", "", "")
    for what, unit, one in (
        ("spent", f"{found.currency} minor units for each person", found.spent),
        ("came_back", "share of people", found.came_back),
    ):
        if one is not None:
            figures = (one.treated, one.held_out, one.difference, one.low, one.high)
            yield (what, unit, *(f"{each:.4f}" for each in figures))
