"""kill -9 in the middle of a job loses nothing and doubles nothing."""

import os
import random
import subprocess
import sys

import pytest
from sqlalchemy import select

from core.outbox import Job
from core.transaction import Database
from tests.conftest import ROOT, both_databases
from tests.jobs.test_worker import add, effects

KILLS = 10


def start(db: Database, redis_url: str | None, manner: str) -> subprocess.Popen[str]:
    url = db.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.victim", url, redis_url or "-", manner],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def let_through(victim: subprocess.Popen[str], jobs: int) -> None:
    """Let so many jobs commit, and wait until the next one is between effect and commit."""
    assert victim.stdin is not None
    assert victim.stdout is not None
    for _ in range(jobs):
        assert victim.stdout.readline()
        victim.stdin.write("go on\n")
        victim.stdin.flush()
    assert victim.stdout.readline()


def bury(victim: subprocess.Popen[str]) -> None:
    victim.kill()
    victim.communicate()


def finish(db: Database, redis_url: str | None, manner: str) -> None:
    victim = start(db, redis_url, manner)
    victim.communicate("go on\n" * 1000, timeout=60)
    assert victim.returncode == 0


def open_jobs(db: Database) -> int:
    with db.read() as session:
        return len(session.scalars(select(Job.id).where(Job.done_at.is_(None))).all())


@pytest.mark.proof(rounds=100)
@both_databases
def test_ten_kills_lose_nothing_and_double_nothing(
    db: Database, redis_url: str | None, proof_round: int
) -> None:
    generator = random.Random(7 + proof_round)
    add(db, 60)
    for _ in range(KILLS):
        victim = start(db, redis_url, "careful")
        let_through(victim, generator.randrange(4))
        if generator.random() < 0.5 and victim.stdin is not None:
            # The word to commit and the kill race each other.
            os.write(victim.stdin.fileno(), b"go on\n")
        bury(victim)
    finish(db, redis_url, "careful")
    assert effects(db) == list(range(60))
    assert open_jobs(db) == 0


@pytest.mark.proof
@both_databases
def test_a_queue_that_removes_first_would_lose_the_job(db: Database) -> None:
    add(db, 5)
    victim = start(db, None, "naive")
    let_through(victim, 2)
    bury(victim)
    finish(db, None, "naive")
    assert open_jobs(db) == 0
    assert len(effects(db)) == 4, "the control must lose a job, or the kills are idle"
