"""What campaigns do, measured, for integrators."""

from typing import Any

from flask_smorest import Blueprint

from core import clock
from retail.journeys.campaigns.measure_experiment import (
    ExperimentResult,
    list_experiments,
    measure_experiment,
)
from web.auth import current_key, guarded
from web.openapi import schema_of
from web.schemas.experiments import ExperimentList
from web.write import read

experiments = guarded(
    Blueprint("experiments", __name__, description="What campaigns do, against a holdout"),
    "integrator",
)


@experiments.get("/experiments")
@read
@experiments.response(200, schema_of(ExperimentList))
def list_all(session: Any) -> ExperimentList:
    """Every experiment with its state, and how many people it decided about; never of few."""
    rows = list_experiments(session, current_key().brand_id, now=clock.now())
    return ExperimentList(tuple(rows))


@experiments.get("/experiments/<experiment_id>")
@read
@experiments.response(200, schema_of(ExperimentResult))
def show(session: Any, experiment_id: str) -> ExperimentResult:
    """What the treated spent more than those held out, for each person, with its interval."""
    return measure_experiment(session, current_key().brand_id, experiment_id, now=clock.now())
