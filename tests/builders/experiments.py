"""Experiments for tests: started, and asked, with everything unimportant filled in."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from core import clock
from core.ids import new_id
from loyalty.experiments import queries, service
from loyalty.experiments.rules import ExperimentView
from tests.builders.points import PROGRAMME


def new_experiment(session: Session, **overrides: Any) -> ExperimentView:
    """An experiment that runs since an hour, half held out."""
    values = {
        "programme_id": PROGRAMME,
        "name": f"Trial {new_id()}",
        "treatment": "offer:friend",
        "holdout": 500,
        "starts_at": clock.now() - timedelta(hours=1),
    } | overrides
    experiment_id = service.start(session, **values)
    return queries.get(session, experiment_id, programme_id=values["programme_id"])


def may_treat(session: Session, owner_id: str, **overrides: Any) -> bool:
    """Whether somebody may have the treatment of `new_experiment`."""
    values = {
        "programme_id": PROGRAMME,
        "treatment": "offer:friend",
        "source": f"test:{new_id()}",
        "now": clock.now(),
    } | overrides
    return service.may_treat(session, owner_id=owner_id, **values)
