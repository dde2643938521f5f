"""What the worker knows how to do: jobs by kind, and ticks by the clock."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from core.transaction import Database
from jobs import deliver, queue
from jobs.worker import Leased, Tick, Transactional, Worker
from retail.accounts import service as accounts

TRANSACTIONAL: Mapping[str, Transactional] = {}

LEASED: Mapping[str, Leased] = {
    accounts.SEND_CODE_JOB: deliver.send_sign_in_code,
}


def prune(session: Session, now: datetime) -> None:
    """Drop what nobody needs any more."""
    queue.prune(session, now)
    accounts.forget_old_codes(session, now=now)


TICKS: tuple[Tick, ...] = (Tick(prune, every_seconds=600),)


def new_worker(database: Database) -> Worker:
    """A worker that knows every kind of job."""
    return Worker(database, transactional=TRANSACTIONAL, leased=LEASED, ticks=TICKS)
