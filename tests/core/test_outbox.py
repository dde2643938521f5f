"""Events and jobs: seen once each, also those that commit late."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import outbox
from core.clock import FixedClock
from core.outbox import Event, Job, Tail, emit, enqueue, reactions_installed
from core.transaction import Database
from tests.builders.events import Opened
from tests.conftest import NOON, both_databases


@pytest.fixture
def _reactions() -> Iterator[None]:
    with reactions_installed({Opened: ("light_up", "greet")}):
        yield


def say(db: Database, *names: str) -> None:
    with db.write() as session:
        for name in names:
            emit(session, Opened(name), topics=[f"store:{name}"])


def start(db: Database) -> Tail:
    with db.read() as session:
        return Tail(session, NOON)


def heard(db: Database, tail: Tail, clock: FixedClock) -> list[str]:
    with db.read() as session:
        return [happened.payload["shop_id"] for happened in tail.read(session, clock.now())]


def newest_id(session: Session) -> int:
    """What the naive tail remembers."""
    return session.scalar(select(func.max(Event.id))) or 0


def heard_naively(db: Database, last: int) -> list[str]:
    """The control: everything above the highest id seen."""
    with db.read() as session:
        rows = session.scalars(select(Event).where(Event.id > last).order_by(Event.id))
        return [event.payload["shop_id"] for event in rows]


@both_databases
def test_each_event_is_seen_once_in_order(db: Database, clock: FixedClock) -> None:
    say(db, "before")
    tail = start(db)
    say(db, "a", "b")
    assert heard(db, tail, clock) == ["a", "b"]
    say(db, "c")
    assert heard(db, tail, clock) == ["c"]
    assert heard(db, tail, clock) == []


@both_databases
def test_a_rolled_back_event_is_never_seen(db: Database, clock: FixedClock) -> None:
    tail = start(db)
    with pytest.raises(ZeroDivisionError), db.write() as session:
        emit(session, Opened("ghost"))
        session.flush()
        raise ZeroDivisionError
    say(db, "real")
    assert heard(db, tail, clock) == ["real"]


@pytest.mark.postgresql
def test_an_event_that_commits_late_is_seen(postgresql_db: Database, clock: FixedClock) -> None:
    db = postgresql_db
    say(db, "before")
    tail = start(db)
    with db.write() as slow:
        emit(slow, Opened("late"))
        slow.flush()
        say(db, "early")
        assert heard(db, tail, clock) == ["early"]
        with db.read() as session:
            naive_last = newest_id(session)
    assert heard(db, tail, clock) == ["late"]
    assert heard_naively(db, naive_last) == [], "the control must miss it, or this test is idle"
    assert heard(db, tail, clock) == []


@pytest.mark.postgresql
def test_an_event_in_flight_when_the_tail_starts_is_seen(
    postgresql_db: Database, clock: FixedClock
) -> None:
    db = postgresql_db
    with db.write() as slow:
        emit(slow, Opened("late"))
        slow.flush()
        say(db, "early")
        tail = start(db)
        with db.read() as session:
            naive_last = newest_id(session)
    assert heard(db, tail, clock) == ["late"]
    assert heard_naively(db, naive_last) == []


@pytest.mark.postgresql
def test_a_hole_is_given_up_after_its_time(postgresql_db: Database, clock: FixedClock) -> None:
    tail = start(postgresql_db)
    with pytest.raises(ZeroDivisionError), postgresql_db.write() as session:
        emit(session, Opened("ghost"))
        session.flush()
        raise ZeroDivisionError
    say(postgresql_db, "real")
    assert heard(postgresql_db, tail, clock) == ["real"]
    assert tail._holes
    clock.advance(seconds=Tail.HOLE_SECONDS)
    assert heard(postgresql_db, tail, clock) == []
    assert not tail._holes


@both_databases
def test_more_events_than_a_batch_arrive_over_several_reads(
    db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tail, "BATCH", 3)
    tail = start(db)
    say(db, *"abcdefgh")
    seen = [heard(db, tail, clock) for _ in range(4)]
    assert [name for batch in seen for name in batch] == list("abcdefgh")


@both_databases
@pytest.mark.usefixtures("_reactions")
def test_an_event_brings_one_job_for_each_reaction(db: Database) -> None:
    say(db, "a")
    with db.read() as session:
        jobs = session.execute(select(Job.kind, Job.payload, Job.due_at).order_by(Job.kind)).all()
    assert [tuple(job) for job in jobs] == [
        ("greet", {"shop_id": "a"}, NOON),
        ("light_up", {"shop_id": "a"}, NOON),
    ]


@pytest.mark.usefixtures("_reactions")
def test_reactions_of_a_while_give_way_to_those_before(db: Database) -> None:
    with reactions_installed({}):
        say(db, "a")
    say(db, "b")
    with db.read() as session:
        told = session.scalars(select(Job.payload).where(Job.kind == "greet")).all()
    assert told == [{"shop_id": "b"}]


@both_databases
def test_a_key_makes_a_second_job_impossible(db: Database) -> None:
    with db.write() as session:
        assert enqueue(session, "close", {}, due_at=NOON, key="close:1")
        assert not enqueue(session, "close", {}, due_at=NOON + timedelta(days=1), key="close:1")
        assert enqueue(session, "close", {}, due_at=NOON)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 2


@both_databases
def test_jobs_are_counted_by_state(db: Database) -> None:
    with db.write() as session:
        enqueue(session, "now", {}, due_at=NOON)
        enqueue(session, "later", {}, due_at=NOON + timedelta(seconds=1))
        session.add(Job(id="J", kind="never", payload={}, due_at=NOON, attempts=12, failed_at=NOON))
    with db.read() as session:
        assert outbox.count_jobs(session, NOON) == {"waiting": 1, "due": 1, "failed": 1}
