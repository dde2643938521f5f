"""Hold members out of all campaigns, to measure what they do together."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict
from loyalty.experiments import queries, service
from loyalty.experiments.rules import EVERYTHING


def hold_out_of_all(session: Session, brand_id: str, *, holdout: int, now: datetime) -> str:
    """Keep so many of a thousand members back from every campaign from now on; gives its id.

    Raises Conflict while there is such a holdout, and Invalid for a senseless one.
    """
    before = [one for one in queries.experiments(session, brand_id) if one.treatment == EVERYTHING]
    if any(one.is_running(now) for one in before):
        raise Conflict("holdout_runs", "Some are held out of all campaigns already.")
    # Of two starts at once the second finds its name taken.
    return service.start(
        session,
        programme_id=brand_id,
        name=f"All campaigns, {len(before) + 1}",
        treatment=EVERYTHING,
        holdout=holdout,
        starts_at=now,
    )


def end_holdout_of_all(
    session: Session, brand_id: str, experiment_id: str, *, now: datetime
) -> None:
    """Let everybody have every campaign again.

    Raises NotFound, and Conflict for the holdout of one campaign, which ends with it.
    """
    view = queries.get(session, experiment_id, programme_id=brand_id)
    if view.treatment != EVERYTHING:
        raise Conflict("holdout_of_campaign", "Stop the campaign; its holdout ends with it.")
    service.end(session, experiment_id, programme_id=brand_id, now=now)
