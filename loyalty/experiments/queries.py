"""Reads of experiments, of who stands where, and of who was exposed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from loyalty.experiments.lift import Cluster, grouped
from loyalty.experiments.models import Experiment, ExperimentUnit, Exposure
from loyalty.experiments.rules import (
    EVERYTHING,
    Assignment,
    ExperimentView,
    Exposed,
    Placement,
    stands,
)

_COLUMNS = (
    Experiment.id,
    Experiment.programme_id,
    Experiment.name,
    Experiment.treatment,
    Experiment.holdout,
    Experiment.starts_at,
    Experiment.ends_at,
)


def get(session: Session, experiment_id: str, *, programme_id: str) -> ExperimentView:
    """An experiment of a programme. Raises NotFound."""
    found = find(session, experiment_id, programme_id=programme_id)
    if found is None:
        raise NotFound("experiment_not_found", "This experiment isn’t here.")
    return found


def find(session: Session, experiment_id: str, *, programme_id: str) -> ExperimentView | None:
    """An experiment of a programme, or None."""
    row = session.execute(
        select(*_COLUMNS).where(
            Experiment.id == experiment_id, Experiment.programme_id == programme_id
        )
    ).one_or_none()
    return None if row is None else ExperimentView(*row)


def experiments(session: Session, programme_id: str) -> list[ExperimentView]:
    """All of a programme, the newest first."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(Experiment.programme_id == programme_id)
        .order_by(Experiment.starts_at.desc(), Experiment.id.desc())
    )
    return [ExperimentView(*row) for row in rows]


def deciding(
    session: Session, programme_id: str, treatments: Sequence[str], *, now: datetime
) -> list[ExperimentView]:
    """The running experiments that have a say in any of some treatments, in a fixed order."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(
            Experiment.programme_id == programme_id,
            Experiment.treatment.in_([*treatments, EVERYTHING]),
            Experiment.starts_at <= now,
            or_(Experiment.ends_at.is_(None), Experiment.ends_at > now),
        )
        .order_by(Experiment.id)
    )
    return [ExperimentView(*row) for row in rows]


def find_assignment(session: Session, experiment_id: str, owner_id: str) -> Assignment | None:
    """Where somebody stands, if that was drawn."""
    row = session.execute(
        select(ExperimentUnit.owner_id, ExperimentUnit.cluster_id, ExperimentUnit.arm).where(
            ExperimentUnit.experiment_id == experiment_id, ExperimentUnit.owner_id == owner_id
        )
    ).one_or_none()
    return None if row is None else Assignment(*row)  # type: ignore[arg-type]


def foresee_assignment(
    session: Session, experiment: ExperimentView, owner_id: str, *, with_ids: Sequence[str] = ()
) -> Assignment:
    """Where somebody stands, or would if they were drawn just now with people to stand with."""
    found = find_assignment(session, experiment.id, owner_id)
    if found is not None:
        return found
    cluster_id = _cluster_of(session, experiment.id, with_ids)
    return stands(experiment.id, owner_id, experiment.holdout, cluster_id)


def with_room(
    session: Session, experiment_id: str, owner_ids: Sequence[str], *, most: int
) -> list[str]:
    """Those of some people whose cluster has fewer than so many, in the order given."""
    sizes = (
        select(ExperimentUnit.cluster_id)
        .where(ExperimentUnit.experiment_id == experiment_id)
        .group_by(ExperimentUnit.cluster_id)
        .having(func.count() < most)
    )
    mine = select(ExperimentUnit.cluster_id).where(
        ExperimentUnit.experiment_id == experiment_id, ExperimentUnit.owner_id.in_(owner_ids)
    )
    free = set(session.scalars(sizes.where(ExperimentUnit.cluster_id.in_(mine))))
    rows = session.execute(
        select(ExperimentUnit.owner_id, ExperimentUnit.cluster_id).where(
            ExperimentUnit.experiment_id == experiment_id, ExperimentUnit.owner_id.in_(owner_ids)
        )
    )
    found = {owner_id for owner_id, cluster_id in rows if cluster_id in free}
    return [one for one in owner_ids if one in found]


def clusters(session: Session, experiment_id: str) -> dict[str, str]:
    """The cluster of everybody who was drawn, by owner, in the order in which they were."""
    rows = session.execute(
        select(ExperimentUnit.owner_id, ExperimentUnit.cluster_id)
        .where(ExperimentUnit.experiment_id == experiment_id)
        .order_by(ExperimentUnit.assigned_at, ExperimentUnit.owner_id)
    )
    return {row.owner_id: row.cluster_id for row in rows}


def exposures(session: Session, experiment_id: str) -> list[Exposed]:
    """Everybody who was exposed, with their cluster and since when."""
    rows = session.execute(
        select(
            ExperimentUnit.owner_id,
            ExperimentUnit.cluster_id,
            ExperimentUnit.arm,
            Exposure.first_at,
        )
        .join(
            Exposure,
            (Exposure.experiment_id == ExperimentUnit.experiment_id)
            & (Exposure.owner_id == ExperimentUnit.owner_id),
        )
        .where(ExperimentUnit.experiment_id == experiment_id)
        .order_by(ExperimentUnit.cluster_id, ExperimentUnit.owner_id)
    )
    return [Exposed(*row) for row in rows]  # type: ignore[arg-type]


def placements(session: Session, programme_id: str, owner_id: str) -> list[Placement]:
    """Where somebody stands in every experiment of a programme, for their own copy of it all."""
    rows = session.execute(
        select(Experiment.name, ExperimentUnit.arm, ExperimentUnit.assigned_at, Exposure.first_at)
        .join(ExperimentUnit, ExperimentUnit.experiment_id == Experiment.id)
        .outerjoin(
            Exposure,
            (Exposure.experiment_id == Experiment.id) & (Exposure.owner_id == owner_id),
        )
        .where(Experiment.programme_id == programme_id, ExperimentUnit.owner_id == owner_id)
        .order_by(ExperimentUnit.assigned_at, Experiment.id)
    )
    return [Placement(*row) for row in rows]


def exposed(session: Session, experiment_id: str) -> dict[str, int]:
    """How many people were exposed in each arm."""
    rows = session.execute(
        select(Exposure.arm, func.count())
        .where(Exposure.experiment_id == experiment_id)
        .group_by(Exposure.arm)
    )
    return {"treatment": 0, "holdout": 0} | {row.arm: int(row[1]) for row in rows}


def outcomes(
    session: Session, experiment_id: str, measured: Mapping[str, float]
) -> dict[str, list[Cluster]]:
    """What was measured, by owner, of all who were exposed: summed by cluster, for `lift`.

    Whoever was exposed and has no measure counts with nought: not to buy is an outcome too.
    """
    return grouped(
        (one.arm, one.cluster_id, measured.get(one.owner_id, 0))
        for one in exposures(session, experiment_id)
    )


def _cluster_of(session: Session, experiment_id: str, with_ids: Sequence[str]) -> str | None:
    if not with_ids:
        return None
    return session.scalar(
        select(ExperimentUnit.cluster_id)
        .where(
            ExperimentUnit.experiment_id == experiment_id,
            ExperimentUnit.owner_id.in_(with_ids),
        )
        .order_by(ExperimentUnit.assigned_at, ExperimentUnit.owner_id)
        .limit(1)
    )
