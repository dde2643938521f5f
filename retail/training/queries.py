"""Reads of training runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from retail.training import rules
from retail.training.models import TrainingRun
from retail.training.rules import Trial

HISTORY = 60
_RUNS: Select[*tuple[Any, ...]] = select(
    TrainingRun.id,
    TrainingRun.brand_id,
    TrainingRun.origin,
    TrainingRun.asked_at,
    TrainingRun.state,
    TrainingRun.step,
    TrainingRun.share,
    TrainingRun.started_at,
    TrainingRun.ended_at,
    TrainingRun.reason,
    TrainingRun.shoppers,
    TrainingRun.items,
    TrainingRun.events,
    TrainingRun.bundle,
    TrainingRun.figures,
)
_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class RunView:
    """One run; `trial` is None where nothing was tried, `reason` while it is open."""

    id: str
    brand_id: str
    origin: str
    asked_at: datetime
    state: str
    step: str
    share: int
    started_at: datetime | None
    ended_at: datetime | None
    reason: str | None
    shoppers: int
    items: int
    events: int
    bundle: str | None
    trial: Trial | None

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return self.ended_at is None


def get_run(session: Session, run_id: str) -> RunView:
    """The run. Raises NotFound."""
    row = session.execute(_RUNS.where(TrainingRun.id == run_id)).one_or_none()
    if row is None:
        raise NotFound("run_not_found", "There is no such training run.")
    return _view(row)


def history(session: Session, brand_id: str, *, limit: int = HISTORY) -> list[RunView]:
    """The last runs of a brand, the newest first."""
    mine = _RUNS.where(TrainingRun.brand_id == brand_id)
    newest = mine.order_by(TrainingRun.asked_at.desc(), TrainingRun.id.desc()).limit(limit)
    return [_view(row) for row in session.execute(newest)]


def run_of(session: Session, brand_id: str, bundle: str) -> RunView | None:
    """The run from which a bundle came; None where it came from elsewhere."""
    made = _RUNS.where(TrainingRun.brand_id == brand_id, TrainingRun.bundle == bundle)
    row = session.execute(made.order_by(TrainingRun.asked_at.desc()).limit(1)).one_or_none()
    return _view(row) if row else None


def last_asked(session: Session, brand_id: str) -> datetime | None:
    """When a brand's newest run was asked for."""
    mine = TrainingRun.brand_id == brand_id
    return session.scalar(select(func.max(TrainingRun.asked_at)).where(mine))


def silent(session: Session, now: datetime) -> list[str]:
    """The open runs whose process was launched and is not heard of any more."""
    unheard = (TrainingRun.ended_at.is_(None), TrainingRun.beat_at < now - rules.SILENCE)
    return list(session.scalars(select(TrainingRun.id).where(*unheard)))


def late(session: Session, now: datetime) -> list[str]:
    """The open runs that take longer than runs may."""
    slow = (TrainingRun.ended_at.is_(None), TrainingRun.started_at < now - rules.LIMIT)
    return list(session.scalars(select(TrainingRun.id).where(*slow)))


def _view(row: _Row) -> RunView:
    fields: dict[str, Any] = dict(row._mapping)
    return RunView(trial=rules.trial_of(fields.pop("figures")), **fields)
