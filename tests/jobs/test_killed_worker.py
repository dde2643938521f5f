"""kill -9 in the middle of a job loses nothing and doubles nothing."""

import contextlib
import random
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from core.outbox import Job
from core.transaction import Database
from tests.conftest import both_databases
from tests.jobs import victim
from tests.jobs.test_worker import add, effects
from tests.processes import Offspring

KILLS = 10
GO_ON = "go on"

Start = Callable[..., Offspring]


@pytest.fixture
def start(db: Database) -> Iterator[Start]:
    """Starts a victim on the test's database; none outlives the test."""
    url = db.engine.url.render_as_string(hide_password=False)
    with contextlib.ExitStack() as victims:

        def start(manner: Callable[..., None], redis_url: str | None = None) -> Offspring:
            return victims.enter_context(Offspring(manner, url, redis_url))

        yield start


def let_through(victim: Offspring, jobs: int) -> None:
    """Let so many jobs commit, and wait until the next one is between effect and commit."""
    for _ in range(jobs):
        victim.line.recv()
        victim.line.send(GO_ON)
    victim.line.recv()


def finish(victim: Offspring) -> None:
    """Let every job commit."""
    with contextlib.suppress(EOFError):
        while True:
            victim.line.recv()
            victim.line.send(GO_ON)
    assert victim.end() == 0


def open_jobs(db: Database) -> int:
    with db.read() as session:
        return len(session.scalars(select(Job.id).where(Job.done_at.is_(None))).all())


@pytest.mark.proof(rounds=100)
@both_databases
def test_ten_kills_lose_nothing_and_double_nothing(
    db: Database, start: Start, redis_url: str | None, proof_round: int
) -> None:
    generator = random.Random(7 + proof_round)
    add(db, 60)
    for _ in range(KILLS):
        worker = start(victim.careful, redis_url)
        let_through(worker, generator.randrange(4))
        if generator.random() < 0.5:
            # The word to commit and the kill race each other.
            worker.line.send(GO_ON)
        worker.kill()
    finish(start(victim.careful, redis_url))
    assert effects(db) == list(range(60))
    assert open_jobs(db) == 0


@pytest.mark.proof
@both_databases
def test_a_queue_that_removes_first_would_lose_the_job(db: Database, start: Start) -> None:
    add(db, 5)
    worker = start(victim.naive)
    let_through(worker, 2)
    worker.kill()
    finish(start(victim.naive))
    assert open_jobs(db) == 0
    assert len(effects(db)) == 4, "the control must lose a job, or the kills are idle"
