"""Training in a process of its own, so that neither jobs nor pages wait for it.

The worker launches it and goes on; the process writes its own progress and its own end. It dies
with the worker that launched it, and a run that nobody hears of any more is ended by whichever
worker notices. What serves changes at one moment only, at the end.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from core import clock
from core.config import Settings
from core.transaction import Database
from jobs.offspring import start
from jobs.queue import Claimed
from retail.journeys.offers import train
from retail.training import queries, rules, service
from retail.training.serving import folder_of

log = structlog.get_logger()

BEAT_SECONDS = 5.0
NICENESS = 10
COMMAND = (sys.executable, "-m", "flask", "--app", "app", "recommender", "fit")
_launched: dict[str, subprocess.Popen[Any]] = {}


class Superseded(Exception):
    """The run was ended by somebody else, so that nothing may come of it any more."""


def launch(database: Database, job: Claimed) -> None:
    """Start the process of a run that waits; one that is begun or over is left alone."""
    run_id = job.payload["run_id"]
    with database.write() as session:
        if not service.note_launch(session, run_id, now=clock.now()):
            return
    settings: Settings = current_app.config["SETTINGS"]
    parent = str(os.getpid())
    environment = os.environ | _as_environment(settings) | {"OPENBLAS_NUM_THREADS": "1"}
    command = [*COMMAND, run_id, "--parent", parent]
    _launched[run_id] = start(command, environment)


def needs_minding(session: Session, now: datetime) -> bool:
    """Whether a process of ours has ended or takes too long, or a run says nothing any more."""
    over = any(process.poll() is not None for process in _launched.values())
    return over or bool(queries.late(session, now) or queries.silent(session, now))


def mind(session: Session, now: datetime) -> None:
    """End what takes too long, and the runs of processes that are gone."""
    for run_id in queries.late(session, now):
        if process := _launched.get(run_id):
            process.kill()
            process.wait()
        _end(session, run_id, rules.TOO_LONG, now)
    for run_id, process in list(_launched.items()):
        code = process.poll()
        if code is not None:
            del _launched[run_id]
        if code:
            _end(session, run_id, rules.DIED if code < 0 else rules.FAILED, now)
    for run_id in queries.silent(session, now):
        _end(session, run_id, rules.DIED, now)


def _end(session: Session, run_id: str, reason: str, now: datetime) -> None:
    if service.end(session, run_id, state=rules.ENDED, reason=reason, now=now):
        log.warning("training.ended", run=run_id, reason=reason)


def fit(
    database: Database,
    settings: Settings,
    run_id: str,
    *,
    is_orphan: Callable[[], bool] = lambda: False,
    heard: Callable[[str, int], None] = lambda _step, _share: None,
) -> bool:
    """Do the whole of a run here; tells whether it was ours to do.

    Whatever goes wrong ends the run; where it was ended meanwhile, nothing comes of it.
    """
    with database.write() as session:
        brand_id = service.begin(session, run_id, now=clock.now())
    if brand_id is None:
        return False

    def tell(step: str, share: int) -> None:
        with database.write() as session:
            if not service.tell(session, run_id, step=step, share=share, now=clock.now()):
                raise Superseded(run_id)
        heard(step, share)

    try:
        with _beating(database, run_id, is_orphan):
            _do(database, settings, run_id, brand_id, tell)
    except Superseded:
        log.warning("training.superseded", run=run_id)
    except Exception as error:
        log.exception("training.failed", run=run_id, exc_info=error)
        with database.write() as session:
            _end(session, run_id, rules.FAILED, clock.now())
    return True


def _do(
    database: Database, settings: Settings, run_id: str, brand_id: str, tell: train.Tell
) -> None:
    now = clock.now()
    tell("gathering", 5)
    with database.read() as session:
        studied = train.study(session, brand_id, settings, now=now)
    lessons = studied.lessons
    counts = {"shoppers": lessons.shoppers, "items": lessons.items, "events": len(lessons.events)}
    with database.write() as session:
        service.note_lessons(session, run_id, **counts)
    tell("trying", 20)
    learnt = train.learn(studied, folder_of(brand_id, settings.data_dir), now=now, tell=tell)
    figures = learnt.trial.told() if learnt.trial else {}
    came = {"state": learnt.verdict.state, "reason": learnt.verdict.reason}
    with database.write() as session:
        service.end(session, run_id, figures=figures, bundle=learnt.bundle, now=clock.now(), **came)


@contextmanager
def _beating(database: Database, run_id: str, is_orphan: Callable[[], bool]) -> Iterator[None]:
    """Say every few seconds that the run is alive; an orphan ends, without a word, where it is."""
    stop = threading.Event()

    def beat() -> None:
        began = time.monotonic()
        while not stop.wait(BEAT_SECONDS):
            if is_orphan() or time.monotonic() - began > rules.LIMIT.total_seconds():
                os._exit(1)
            with database.write() as session:
                service.beat(session, run_id, now=clock.now())

    heart = threading.Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        stop.set()
        heart.join()


def _as_environment(settings: Settings) -> dict[str, str]:
    """Settings as the environment from which they are read again."""
    told = {one.name.upper(): getattr(settings, one.name) for one in fields(settings)}
    return {name: str(value) for name, value in told.items() if value is not None}
