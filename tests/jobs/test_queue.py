"""The queue: what is claimed, when it comes back, and when it is given up."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import FixedClock
from core.ids import new_id
from core.outbox import Event, Job, enqueue
from core.replay import Replay
from core.transaction import Database
from jobs import queue
from jobs.queue import Claimed
from tests.conftest import NOON, both_databases

KINDS = frozenset({"ring", "send"})


def add(db: Database, kind: str = "ring", due_at: datetime = NOON, **payload: int) -> None:
    with db.write() as session:
        enqueue(session, kind, dict(payload), due_at=due_at)


def take(session: Session, now: datetime = NOON) -> Claimed:
    job = queue.claim(session, now, kinds=KINDS)
    assert job is not None
    return job


def is_idle(db: Database, now: datetime) -> bool:
    with db.write() as session:
        return queue.claim(session, now, kinds=KINDS) is None


@both_databases
def test_the_job_due_for_longest_comes_first(db: Database) -> None:
    add(db, due_at=NOON, number=2)
    add(db, due_at=NOON - timedelta(hours=1), number=1)
    with db.write() as session:
        assert take(session).payload == {"number": 1}


@both_databases
def test_a_job_before_its_time_or_of_a_foreign_kind_is_left(db: Database) -> None:
    add(db, due_at=NOON + timedelta(seconds=1))
    add(db, kind="unheard_of")
    assert is_idle(db, NOON)
    assert not is_idle(db, NOON + timedelta(seconds=1))


@both_databases
def test_a_finished_job_never_comes_back(db: Database, clock: FixedClock) -> None:
    add(db)
    with db.write() as session:
        queue.finish(session, take(session).id, NOON)
    assert is_idle(db, NOON + timedelta(days=30))


@both_databases
def test_a_claim_that_rolls_back_leaves_the_job(db: Database) -> None:
    add(db)
    with db._writers() as session:
        take(session)
        session.rollback()
    assert not is_idle(db, NOON)


@both_databases
def test_a_lease_keeps_others_away_until_it_ends(db: Database) -> None:
    add(db, kind="send")
    with db.write() as session:
        assert queue.lease(session, take(session), NOON)
    end = NOON + timedelta(seconds=queue.LEASE_SECONDS)
    assert is_idle(db, end - timedelta(seconds=1))
    assert not is_idle(db, end)


@both_databases
def test_a_job_that_kills_each_worker_is_given_up(db: Database) -> None:
    add(db, kind="send")
    now, tries = NOON, 0
    while True:
        with db.write() as session:
            if not queue.lease(session, take(session, now), now):
                break
        tries += 1
        now += timedelta(seconds=queue.LEASE_SECONDS)
    assert tries == queue.MAX_ATTEMPTS
    assert is_idle(db, now + timedelta(days=1))
    with db.read() as session:
        assert [job.attempts for job in queue.failed(session)] == [queue.MAX_ATTEMPTS]


@both_databases
def test_a_failing_job_waits_twice_as_long_each_time_then_is_given_up(db: Database) -> None:
    add(db)
    now, pauses, goes_on = NOON, list[int](), True
    while goes_on:
        with db.write() as session:
            job = take(session, now)
            goes_on = queue.postpone(session, job, "OSError", now)
            due_at = session.scalar(select(Job.due_at)) or now
        pauses.append(int((due_at - now).total_seconds()))
        now = due_at
    assert pauses[:5] == [4, 8, 16, 32, 64]
    assert max(pauses) == queue.LONGEST_PAUSE_SECONDS
    assert len(pauses) == queue.MAX_ATTEMPTS
    assert is_idle(db, now + timedelta(days=365))


@both_databases
def test_given_up_jobs_can_have_another_round(db: Database) -> None:
    with db.write() as session:
        session.add(
            Job(
                id=new_id(), kind="ring", payload={}, due_at=NOON, attempts=12,
                failed_at=NOON, error="OSError",
            )
        )  # fmt: skip
    with db.write() as session:
        assert queue.retry_failed(session, NOON) == 1
    with db.write() as session:
        assert take(session).attempts == 0


@both_databases
def test_pruning_keeps_what_is_still_needed(db: Database) -> None:
    old = NOON - timedelta(days=8)
    with db.write() as session:
        for at in (old, NOON):
            session.add(Event(kind="E", payload={}, topics=[], happened_at=at))
            session.add(Job(id=new_id(), kind="done", payload={}, due_at=at, done_at=at))
            session.add(Job(id=new_id(), kind="open", payload={}, due_at=at))
            session.add(Replay(scope="s", key=str(at), fingerprint="f", answered_at=at))
        session.add(Job(id=new_id(), kind="keyed", key="k", payload={}, due_at=old, done_at=old))
    with db.write() as session:
        queue.prune(session, NOON)
    with db.read() as session:
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (Event, Replay)
        ]
        kinds = sorted(session.scalars(select(Job.kind)))
    assert counts == [1, 1]
    assert kinds == ["done", "keyed", "open", "open"]
