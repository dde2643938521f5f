"""Taking jobs from the table: each done once, though workers die and race.

A transactional job's claim, effect and `done` are one commit, so its effect is exactly once. A
leased job calls something outside; its lease is one commit, its `done` another, so it is at least
once and sends the job's id along.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from core.outbox import Event, Job
from core.replay import Replay

MAX_ATTEMPTS = 12
LEASE_SECONDS = 120
FIRST_PAUSE_SECONDS = 2
LONGEST_PAUSE_SECONDS = 3600
KEEP_EVENTS_HOURS = 24
KEEP_JOBS_DAYS = 7
KEEP_REPLAYS_DAYS = 7


@dataclass(frozen=True)
class Claimed:
    """A job that is ours until the transaction or the lease ends."""

    id: str
    kind: str
    payload: dict[str, Any]
    attempts: int


def _due(now: datetime, kinds: frozenset[str]) -> ColumnElement[bool]:
    return and_(
        Job.done_at.is_(None),
        Job.failed_at.is_(None),
        Job.due_at <= now,
        Job.kind.in_(kinds),
        or_(Job.leased_until.is_(None), Job.leased_until <= now),
    )


def has_due(session: Session, now: datetime, *, kinds: frozenset[str]) -> bool:
    """Whether there is anything to claim."""
    return session.scalar(select(Job.id).where(_due(now, kinds)).limit(1)) is not None


def claim(session: Session, now: datetime, *, kinds: frozenset[str]) -> Claimed | None:
    """The job that has been due for longest, locked for this transaction; None when idle."""
    row = session.execute(
        select(Job.id, Job.kind, Job.payload, Job.attempts)
        .where(_due(now, kinds))
        .order_by(Job.due_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    return Claimed(*row) if row else None


def lease(session: Session, job: Claimed, now: datetime) -> bool:
    """Keep the job from other workers for a while, beyond this transaction.

    The try is counted before it begins, so that a job which kills its worker every time is given
    up like any other; False tells that it was.
    """
    is_over = job.attempts >= MAX_ATTEMPTS
    tried = {
        "attempts": job.attempts + 1,
        "leased_until": now + timedelta(seconds=LEASE_SECONDS),
    }
    given_up = {"failed_at": now, "leased_until": None, "error": "WorkerDied"}
    values = given_up if is_over else tried
    session.execute(update(Job).where(Job.id == job.id).values(values))
    return not is_over


def finish(session: Session, job_id: str, now: datetime) -> None:
    """Mark a job done."""
    session.execute(
        update(Job).where(Job.id == job_id).values(done_at=now, leased_until=None, error=None)
    )


def postpone(
    session: Session, job: Claimed, error: str, now: datetime, *, least_seconds: int = 0
) -> bool:
    """Try a failed job again later, twice as long each time; tells whether there is a next try.

    Not before `least_seconds`, for which whoever refused it asked.
    """
    attempts = job.attempts + 1
    pause = max(min(FIRST_PAUSE_SECONDS * 2**attempts, LONGEST_PAUSE_SECONDS), least_seconds)
    is_over = attempts >= MAX_ATTEMPTS
    session.execute(
        update(Job)
        .where(Job.id == job.id)
        .values(
            attempts=attempts,
            error=error,
            leased_until=None,
            due_at=now + timedelta(seconds=pause),
            failed_at=now if is_over else None,
        )
    )
    return not is_over


def failed(session: Session) -> list[Claimed]:
    """The jobs given up, oldest first."""
    rows = session.execute(
        select(Job.id, Job.kind, Job.payload, Job.attempts)
        .where(Job.failed_at.is_not(None))
        .order_by(Job.failed_at)
    )
    return [Claimed(*row) for row in rows]


def oldest_due(session: Session, now: datetime) -> tuple[str, datetime] | None:
    """Kind and time of the job that has been due for longest, whether or not anybody knows it."""
    row = session.execute(
        select(Job.kind, Job.due_at)
        .where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.due_at <= now)
        .order_by(Job.due_at)
        .limit(1)
    ).first()
    return (row.kind, row.due_at) if row else None


def retry_failed(session: Session, now: datetime) -> int:
    """Give every given-up job another round; returns how many."""
    ids = list(session.scalars(select(Job.id).where(Job.failed_at.is_not(None))))
    session.execute(
        update(Job).where(Job.id.in_(ids)).values(failed_at=None, attempts=0, due_at=now)
    )
    return len(ids)


def prune(session: Session, now: datetime) -> None:
    """Drop events, finished jobs and answered keys that nobody needs any more.

    Keyed jobs stay: their key is what makes a second one impossible.
    """
    session.execute(
        delete(Event).where(Event.happened_at < now - timedelta(hours=KEEP_EVENTS_HOURS))
    )
    session.execute(
        delete(Job).where(Job.done_at < now - timedelta(days=KEEP_JOBS_DAYS), Job.key.is_(None))
    )
    session.execute(
        delete(Replay).where(Replay.answered_at < now - timedelta(days=KEEP_REPLAYS_DAYS))
    )
