"""The worker: each effect exactly once, whatever fails and whoever races."""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.outbox import Event, Job, emit, enqueue
from core.transaction import Database
from jobs import queue, schedule
from jobs.queue import Claimed
from jobs.worker import Tick, Worker
from loyalty.vouchers import service as vouchers
from loyalty.vouchers.models import Voucher
from tests.builders.events import Opened
from tests.builders.races import meeting, race
from tests.builders.vouchers import new_voucher
from tests.conftest import NOON, both_databases
from tests.processes import PATIENCE_SECONDS


def ring(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """A job whose effect is an event that names it."""
    emit(session, Opened(str(payload["number"])))


def fail(session: Session, payload: dict[str, Any], now: datetime) -> None:
    """A job that fails after its effect."""
    ring(session, payload, now)
    session.flush()
    raise OSError("secret words of a failing job")


def new_worker(db: Database, **overrides: Any) -> Worker:
    return Worker(db, **({"transactional": {"ring": ring, "fail": fail}, "leased": {}} | overrides))


def add(db: Database, count: int = 1, kind: str = "ring") -> None:
    with db.write() as session:
        for number in range(count):
            enqueue(session, kind, {"number": number}, due_at=core_clock.now())


def effects(db: Database) -> list[int]:
    with db.read() as session:
        return sorted(int(p["shop_id"]) for p in session.scalars(select(Event.payload)))


@both_databases
def test_a_job_runs_once(db: Database) -> None:
    add(db, 3)
    worker = new_worker(db)
    assert [worker.run_all(), worker.run_all()] == [3, 0]
    assert effects(db) == [0, 1, 2]


@both_databases
def test_a_failing_job_leaves_no_effect_and_is_tried_again(db: Database, clock: FixedClock) -> None:
    add(db, kind="fail")
    assert new_worker(db).run_all() == 1
    assert effects(db) == []
    clock.advance(seconds=4)
    assert new_worker(db, transactional={"fail": ring}).run_all() == 1
    assert effects(db) == [0]


@both_databases
def test_a_failure_is_kept_and_logged_without_its_words(
    db: Database, logs: Callable[[], str]
) -> None:
    add(db, kind="fail")
    new_worker(db).run_all()
    with db.read() as session:
        assert session.scalar(select(Job.error)) == "OSError"
    assert "job.postponed" in logs()
    assert "secret words" not in logs()


@both_databases
def test_a_job_of_an_unknown_kind_waits_for_who_knows_it(db: Database) -> None:
    add(db, kind="later")
    assert new_worker(db).run_all() == 0
    assert new_worker(db, transactional={"later": ring}).run_all() == 1


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_workers_that_race_run_each_job_once(db: Database) -> None:
    add(db, 60)
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        worker = new_worker(Database(db.engine))
        while len(effects(db)) < 60:
            worker.run_one()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert effects(db) == list(range(60))


def claim_naively(db: Database, all_have_looked: Callable[[], object]) -> bool:
    """The control: look for a job, then run it, without a lock between."""
    with db.read() as session:
        job = session.execute(
            select(Job.id, Job.payload).where(Job.done_at.is_(None)).order_by(Job.id).limit(1)
        ).first()
    all_have_looked()
    if job is None:
        return False
    with db.write() as session:
        ring(session, job.payload, NOON)
        session.execute(update(Job).where(Job.id == job.id).values(done_at=NOON))
    return True


@pytest.mark.proof
@both_databases
def test_a_claim_without_a_lock_would_run_jobs_twice(db: Database) -> None:
    add(db, 5)
    all_have_looked = meeting(4)

    def work(_: int) -> None:
        while claim_naively(db, all_have_looked):
            pass

    race(work, attempts=4, threads=4)
    assert len(effects(db)) == 4 * 5


@both_databases
def test_a_leased_job_runs_outside_any_transaction(db: Database) -> None:
    add(db, kind="send")
    sent: list[str] = []

    def send(database: Database, job: Claimed) -> None:
        with database.write() as session:
            ring(session, job.payload, NOON)
        sent.append(job.id)

    worker = new_worker(db, leased={"send": send})
    assert worker.run_all() == 1
    assert effects(db) == [0]
    with db.read() as session:
        assert sent == [session.scalar(select(Job.id).where(Job.done_at.is_not(None)))]


@both_databases
def test_a_leased_job_whose_worker_died_is_sent_again_under_the_same_id(
    db: Database, clock: FixedClock
) -> None:
    add(db, kind="send")
    sent: list[str] = []

    def die(database: Database, job: Claimed) -> None:
        sent.append(job.id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        new_worker(db, leased={"send": die}).run_all()
    later = new_worker(db, leased={"send": lambda _, job: sent.append(job.id)})
    assert later.run_all() == 0
    clock.advance(seconds=queue.LEASE_SECONDS)
    assert later.run_all() == 1
    assert len(sent) == 2
    assert len(set(sent)) == 1


@both_databases
def test_a_failing_tick_keeps_nobody_from_working(db: Database) -> None:
    def broken(session: Session, now: datetime) -> None:
        raise ZeroDivisionError

    def sound(session: Session, now: datetime) -> None:
        enqueue(session, "ring", {"number": 7}, due_at=now)

    worker = new_worker(db, ticks=(Tick(broken, 1), Tick(sound, 1)))
    worker.run_ticks()
    assert worker.run_all() == 1
    assert effects(db) == [7]


@both_databases
def test_a_tick_comes_round_after_its_seconds(db: Database) -> None:
    calls: list[datetime] = []
    worker = new_worker(db, ticks=(Tick(lambda _, now: calls.append(now), 3600),))
    worker.run_ticks()
    worker.run_ticks()
    assert len(calls) == 1
    worker.run_ticks(are_all_due=True)
    assert len(calls) == 2


@both_databases
def test_the_worker_stops_when_told_and_wakes_for_new_work(db: Database) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=new_worker(db).run, args=(stop,))
    thread.start()
    add(db)
    while not effects(db):
        pass
    stop.set()
    db.bell.ring()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


@both_databases
def test_a_job_enqueued_for_later_runs_then(db: Database, clock: FixedClock) -> None:
    with db.write() as session:
        enqueue(session, "ring", {"number": 1}, due_at=NOON + timedelta(hours=9))
    worker = new_worker(db)
    assert worker.run_all() == 0
    clock.advance(hours=9)
    assert worker.run_all() == 1


def test_payloads_are_plain_json(db: Database) -> None:
    add(db)
    with db.read() as session:
        assert json.dumps(session.scalar(select(Job.payload))) == '{"number": 0}'
        assert session.scalar(select(func.count()).select_from(Job)) == 1


@both_databases
def test_vouchers_whose_time_is_over_become_expired_some_at_a_time(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vouchers, "AT_ONCE", 2)
    with db.write() as session:
        over = [new_voucher(session).voucher_id for _ in range(3)]
        new_voucher(session, valid_until=NOON + timedelta(days=60))
    clock.advance(days=30)
    (tick,) = (one for one in schedule.TICKS if one.run is schedule.expire_vouchers)
    worker = new_worker(db, ticks=(tick,))
    for marked in (2, 3, 3):
        worker.run_ticks(are_all_due=True)
        with db.read() as session:
            found = session.scalars(select(Voucher.id).where(Voucher.state == "expired")).all()
        assert (len(found), set(found) <= set(over)) == (marked, True)
