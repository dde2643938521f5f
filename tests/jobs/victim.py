"""A worker to be killed: it stops inside each job, says which, and waits for a word."""

from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from core import clock
from core.bell import new_bell
from core.clock import FixedClock
from core.outbox import emit
from core.transaction import Database, prepare_engine
from jobs import queue
from jobs.queue import Claimed
from jobs.worker import Worker
from tests.builders.events import Opened

LATER = datetime(2030, 1, 1, tzinfo=UTC)


def ring(line: Connection, session: Session, payload: dict[str, Any], now: datetime) -> None:
    """An effect that is written but not committed while the parent decides our fate."""
    emit(session, Opened(str(payload["number"])))
    session.flush()
    line.send(payload["number"])
    line.recv()


def ring_naively(line: Connection, database: Database, job: Claimed) -> None:
    """The control: the job is removed before it runs, as many queues do."""
    with database.write() as session:
        queue.finish(session, job.id, clock.now())
    with database.write() as session:
        ring(line, session, job.payload, clock.now())


def careful(line: Connection, url: str, redis_url: str | None) -> None:
    """Work through what is due."""
    Worker(_open(url, redis_url), transactional={"ring": partial(ring, line)}, leased={}).run_all()


def naive(line: Connection, url: str, redis_url: str | None) -> None:
    """Work through what is due as the control does."""
    leased = {"ring": partial(ring_naively, line)}
    Worker(_open(url, redis_url), transactional={}, leased=leased).run_all()


def _open(url: str, redis_url: str | None) -> Database:
    clock.install(FixedClock(LATER))
    return Database(prepare_engine(create_engine(url)), new_bell(redis_url))
