"""A worker to be killed: it stops inside each job and waits for a word on standard input.

`python -m tests.jobs.victim <database> <redis or -> <careful or naive>`
"""

import sys
from datetime import UTC, datetime
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


def ring(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """An effect that is written but not committed while the parent decides our fate."""
    emit(session, Opened(str(payload["number"])))
    session.flush()
    sys.stdout.write(f"{payload['number']}\n")
    sys.stdout.flush()
    sys.stdin.readline()


def ring_naively(database: Database, job: Claimed) -> None:
    """The control: the job is removed before it runs, as many queues do."""
    with database.write() as session:
        queue.finish(session, job.id, clock.now())
    with database.write() as session:
        ring(session, job.payload, clock.now())


def main(url: str, redis_url: str, manner: str) -> None:
    """Work through what is due."""
    clock.install(FixedClock(LATER))
    bell = new_bell(None if redis_url == "-" else redis_url)
    database = Database(prepare_engine(create_engine(url)), bell)
    if manner == "careful":
        Worker(database, transactional={"ring": ring}, leased={}).run_all()
    else:
        Worker(database, transactional={}, leased={"ring": ring_naively}).run_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
