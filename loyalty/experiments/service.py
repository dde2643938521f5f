"""Starting experiments, and asking them before anything is given to anybody."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.ids import new_id
from core.sql import insert_ignore
from loyalty.experiments import queries
from loyalty.experiments.models import Experiment, ExperimentUnit, Exposure
from loyalty.experiments.rules import (
    Arm,
    Assignment,
    ExperimentView,
    arm_of,
    check_experiment,
    circle_of,
)


def start(
    session: Session,
    *,
    programme_id: str,
    name: str,
    treatment: str,
    holdout: int,
    starts_at: datetime,
    ends_at: datetime | None = None,
    experiment_id: str | None = None,
) -> str:
    """Try a treatment with so many of a thousand held out of it; gives the experiment's id.

    With an id that was known before, who would be drawn is known too. Repeated under its name, it
    answers with the same one. Raises Invalid for what makes no sense, and Conflict where the name
    is taken by another.
    """
    check_experiment(name, treatment, holdout, starts_at, ends_at)
    values = {
        "treatment": treatment,
        "holdout": holdout,
        "starts_at": starts_at,
        "ends_at": ends_at,
    }
    key = {"programme_id": programme_id, "name": name.strip()}
    experiment_id = experiment_id or new_id()
    if insert_ignore(session, Experiment, id=experiment_id, **key, **values):
        return experiment_id
    before = session.scalars(select(Experiment).filter_by(**key)).one()
    if any(getattr(before, name) != value for name, value in values.items()):
        raise Conflict("experiment_differs", "There is another experiment of this name.")
    return before.id


def end(session: Session, experiment_id: str, *, programme_id: str, now: datetime) -> None:
    """Let an experiment decide no longer; ended before, it stays as it was. Raises NotFound.

    One that was to begin later never does, and is none; nobody was asked about by then.
    """
    view = queries.get(session, experiment_id, programme_id=programme_id)
    if view.starts_at >= now and not any(queries.exposed(session, experiment_id).values()):
        for model, key in (
            (ExperimentUnit, ExperimentUnit.experiment_id),
            (Experiment, Experiment.id),
        ):
            session.execute(delete(model).where(key == experiment_id))
        return
    session.execute(
        update(Experiment)
        .where(Experiment.id == experiment_id, Experiment.starts_at < now)
        .where(Experiment.ends_at.is_(None) | (Experiment.ends_at > now))
        .values(ends_at=now)
    )


def resume(
    session: Session, experiment_id: str, *, programme_id: str, ends_at: datetime | None
) -> None:
    """Let an experiment that was ended decide again; everybody stands where they stood.

    Raises NotFound.
    """
    queries.get(session, experiment_id, programme_id=programme_id)
    session.execute(
        update(Experiment).where(Experiment.id == experiment_id).values(ends_at=ends_at)
    )


def may_treat(
    session: Session,
    *,
    programme_id: str,
    treatment: str,
    owner_id: str,
    with_ids: Sequence[str] = (),
    source: str,
    now: datetime,
) -> bool:
    """Whether somebody may receive a treatment, and note that they were exposed to the question.

    Every running experiment on it is asked, and every one on all treatments; whoever one of them
    holds out is not treated. Ask before anything else is looked at: who would have been treated is
    what both arms have in common. `with_ids` are people to stand with, such as friends: somebody
    new joins the cluster of the first of them who has one. Two askers at once get one answer.
    """
    arms = [
        expose(session, experiment, owner_id, with_ids=with_ids, source=source, now=now)
        for experiment in queries.deciding(session, programme_id, [treatment], now=now)
    ]
    return "holdout" not in arms


def expose(
    session: Session,
    experiment: ExperimentView,
    owner_id: str,
    *,
    with_ids: Sequence[str] = (),
    source: str,
    now: datetime,
) -> Arm:
    """The arm in which somebody stands, drawn if it was not; that it was asked for is noted."""
    assignment = assign(session, experiment, owner_id, with_ids=with_ids, now=now)
    insert_ignore(
        session,
        Exposure,
        experiment_id=experiment.id,
        owner_id=owner_id,
        arm=assignment.arm,
        source=source,
        first_at=now,
    )
    return assignment.arm


def assign(
    session: Session,
    experiment: ExperimentView,
    owner_id: str,
    *,
    with_ids: Sequence[str] = (),
    now: datetime,
) -> Assignment:
    """Where somebody stands in an experiment, drawn if it was not; friends made later move nobody.

    Whoever is first of a circle founds its cluster.
    """
    found = queries.find_assignment(session, experiment.id, owner_id)
    if found is not None:
        return found
    foreseen = queries.foresee_assignment(session, experiment, owner_id, with_ids=with_ids)
    insert_ignore(
        session,
        ExperimentUnit,
        experiment_id=experiment.id,
        owner_id=owner_id,
        cluster_id=foreseen.cluster_id,
        arm=foreseen.arm,
        assigned_at=now,
    )
    drawn = queries.find_assignment(session, experiment.id, owner_id)
    assert drawn is not None, "what was just written or stood there before is there"
    return drawn


def draw(
    session: Session,
    experiment: ExperimentView,
    clusters: Iterable[Sequence[str]],
    *,
    now: datetime,
) -> int:
    """Draw whole circles of people at once, before anybody is asked about; gives how many.

    The first of each founds its cluster. Who was drawn before stays where they stand.
    """
    rows = [
        {
            "experiment_id": experiment.id,
            "owner_id": owner_id,
            "cluster_id": cluster_id,
            "arm": arm_of(experiment.id, cluster_id, experiment.holdout),
            "assigned_at": now,
        }
        for circle in clusters
        for cluster_id in [circle_of(experiment.id, circle[0])]
        for owner_id in circle
    ]
    return sum(insert_ignore(session, ExperimentUnit, **row) for row in rows)


def forget(session: Session, owner_id: str) -> None:
    """Take somebody out of every experiment; their circle goes on without them."""
    for model in (Exposure, ExperimentUnit):
        session.execute(delete(model).where(model.owner_id == owner_id))
