"""The worker: runs what is due, one job at a time, until it is told to stop."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import clock
from core.transaction import Database
from jobs import queue
from jobs.queue import Claimed

log = structlog.get_logger()

POLL_SECONDS = 0.25

Transactional = Callable[[Session, dict[str, Any], datetime], None]
Leased = Callable[[Database, Claimed], None]


def _always(_session: Session, _now: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Tick:
    """Something done in a transaction of its own every so many seconds, where it is needed.

    `is_needed` only reads, so that an idle worker never queues for SQLite's write lock.
    """

    run: Callable[[Session, datetime], object]
    every_seconds: float
    is_needed: Callable[[Session, datetime], bool] = _always


@dataclass(frozen=True)
class Round:
    """Something done every so many seconds in several transactions, which it opens itself.

    For what reads long before it writes: in one transaction, nobody else could write meanwhile.
    """

    run: Callable[[Database, datetime], object]
    every_seconds: float


class Worker:
    """Runs due jobs and ticks on a database."""

    def __init__(
        self,
        database: Database,
        *,
        transactional: Mapping[str, Transactional],
        leased: Mapping[str, Leased],
        ticks: tuple[Tick | Round, ...] = (),
    ) -> None:
        self._database = database
        self._transactional = transactional
        self._leased = leased
        self._ticks = dict.fromkeys(ticks, 0.0)
        self._kinds = frozenset(transactional) | frozenset(leased)

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; an unreachable database is waited for."""
        log.info("worker.started", kinds=sorted(self._kinds))
        while not stop.is_set():
            try:
                self.run_ticks()
                if not self.run_one():
                    self._database.bell.wait(POLL_SECONDS)
            except SQLAlchemyError as error:
                log.warning("worker.database_unreachable", error=type(error).__name__)
                stop.wait(1)
        log.info("worker.stopped")

    def run_ticks(self, *, are_all_due: bool = False) -> None:
        """Run every tick whose time has come."""
        for tick, due in self._ticks.items():
            if are_all_due or time.monotonic() >= due:
                self._run_tick(tick)
                self._ticks[tick] = time.monotonic() + tick.every_seconds

    def _run_tick(self, tick: Tick | Round) -> None:
        try:
            if isinstance(tick, Round):
                tick.run(self._database, clock.now())
            elif self._is_needed(tick):
                with self._database.write() as session:
                    tick.run(session, clock.now())
        except SQLAlchemyError:
            raise
        except Exception as error:
            # A tick that fails must not keep jobs from running; it comes round again anyway.
            log.exception("tick.failed", tick=tick.run.__name__, exc_info=error)

    def _is_needed(self, tick: Tick) -> bool:
        with self._database.read() as session:
            return tick.is_needed(session, clock.now())

    def run_all(self) -> int:
        """Run every job that is due now; returns how many ran."""
        count = 0
        while self.run_one():
            count += 1
        return count

    def run_one(self) -> bool:
        """Run the job that has been due for longest; tells whether there was one."""
        with self._database.read() as session:
            # A look before the write transaction: an idle worker must not queue for SQLite's lock.
            if not queue.has_due(session, clock.now(), kinds=self._kinds):
                return False
        job: Claimed | None = None
        try:
            with self._database.write() as session:
                job = queue.claim(session, clock.now(), kinds=self._kinds)
                if job is None:
                    return False
                if job.kind in self._transactional:
                    self._transactional[job.kind](session, job.payload, clock.now())
                    queue.finish(session, job.id, clock.now())
                elif not queue.lease(session, job, clock.now()):
                    log.warning("job.given_up", kind=job.kind, job=job.id, error="WorkerDied")
                    return True
            if job.kind in self._leased:
                self._deliver(job)
        except Exception as error:
            if job is None:
                raise
            self._postpone(job, error)
        return True

    def _deliver(self, job: Claimed) -> None:
        self._leased[job.kind](self._database, job)
        with self._database.write() as session:
            queue.finish(session, job.id, clock.now())

    def _postpone(self, job: Claimed, error: Exception) -> None:
        with self._database.write() as session:
            # What refuses work may say for how long; others fail without such a wish.
            least = getattr(error, "retry_after_seconds", None) or 0
            name = type(error).__name__
            goes_on = queue.postpone(session, job, name, clock.now(), least_seconds=least)
        event = "job.postponed" if goes_on else "job.given_up"
        log.warning(event, kind=job.kind, job=job.id, exc_info=error)
