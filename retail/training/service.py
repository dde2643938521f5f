"""Writes of training runs: asked for, begun, heard of, ended once."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import ids
from core.outbox import enqueue
from core.sql import insert_ignore
from retail.training import rules
from retail.training.models import TrainingRun

JOB = "train"


def ask(session: Session, brand_id: str, *, origin: str, now: datetime) -> tuple[str, bool]:
    """Have a brand's recommender learn anew; tells the run, and whether it was not under way yet.

    Whoever asks while a run is open is given that one.
    """
    run_id = ids.new_id()
    values = {"id": run_id, "brand_id": brand_id, "origin": origin, "asked_at": now}
    empty = {"state": rules.WAITING, "step": "", "share": 0, "figures": {}}
    counts = dict.fromkeys(("shoppers", "items", "events"), 0)
    while not insert_ignore(session, TrainingRun, **values, **empty, **counts):
        is_open = (TrainingRun.brand_id == brand_id, TrainingRun.ended_at.is_(None))
        found = session.scalar(select(TrainingRun.id).where(*is_open))
        # It may have ended since it was in the way; then there is room for ours.
        if found is not None:
            return found, False
    return run_id, True


def ask_worker(session: Session, brand_id: str, *, origin: str, now: datetime) -> tuple[str, bool]:
    """`ask`, and have the worker do it."""
    run_id, is_new = ask(session, brand_id, origin=origin, now=now)
    if is_new:
        enqueue(session, JOB, {"run_id": run_id}, due_at=now)
    return run_id, is_new


def note_launch(session: Session, run_id: str, *, now: datetime) -> bool:
    """Note that a process is on its way to a run that waits; tells whether there is one."""
    return _change(session, run_id, (TrainingRun.state == rules.WAITING,), beat_at=now)


def begin(session: Session, run_id: str, *, now: datetime) -> str | None:
    """Take a run that waits; gives its brand, or None where another has it or it is over."""
    waits = (TrainingRun.state == rules.WAITING,)
    taken = {"state": rules.RUNNING, "started_at": now, "beat_at": now}
    if not _change(session, run_id, waits, **taken):
        return None
    return session.scalar(select(TrainingRun.brand_id).where(TrainingRun.id == run_id))


def tell(session: Session, run_id: str, *, step: str, share: int, now: datetime) -> bool:
    """Say how far a run is, in percent; tells whether it still is one."""
    return _change(session, run_id, (), step=step, share=share, beat_at=now)


def beat(session: Session, run_id: str, *, now: datetime) -> bool:
    """Say that a run is alive; tells whether it still is one."""
    return _change(session, run_id, (), beat_at=now)


def note_lessons(session: Session, run_id: str, *, shoppers: int, items: int, events: int) -> None:
    """Note from how much a run learns."""
    _change(session, run_id, (), shoppers=shoppers, items=items, events=events)


def end(
    session: Session,
    run_id: str,
    *,
    state: str,
    reason: str,
    now: datetime,
    figures: dict[str, Any] | None = None,
    bundle: str | None = None,
) -> bool:
    """End a run with what came of it; tells whether it was open still. It ends once."""
    found = {"figures": figures or {}, "bundle": bundle, "share": 100}
    if state == rules.ENDED:
        found = {}
    return _change(session, run_id, (), state=state, reason=reason, ended_at=now, **found)


def _change(session: Session, run_id: str, also: tuple[Any, ...], **values: Any) -> bool:
    is_open = (TrainingRun.id == run_id, TrainingRun.ended_at.is_(None), *also)
    changed = session.execute(
        update(TrainingRun)
        .where(*is_open)
        .values(**values)
        .execution_options(preserve_rowcount=True, synchronize_session=False)
    )
    return bool(getattr(changed, "rowcount", 0))
