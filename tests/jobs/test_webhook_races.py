"""Webhooks between workers that race or die: each message arrives, in its order, none is lost."""

import threading
from collections.abc import Callable

import pytest

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from jobs import webhooks
from jobs.worker import Worker
from retail.journeys.systems import tell_systems
from retail.webhooks import outgoing, rules
from retail.webhooks.outgoing import Task, Told
from retail.webhooks.rules import Outcome
from tests.builders.races import meeting, race
from tests.builders.receiver import Received, says
from tests.builders.webhooks import TOLD, Line
from tests.conftest import KEY, both_databases
from tests.jobs import webhook_victim
from tests.processes import PATIENCE_SECONDS, Offspring

MESSAGES = 6


def waiting(line: Line, times: int = MESSAGES) -> list[str]:
    """The ids of messages that wait, in their order."""
    line.sells(times)
    with line.app.app_context():
        Worker(line.db, transactional=TOLD, leased={}).run_all()
    return [delivery.id for delivery in line.log()]


def arrived_in_order_once(line: Line, ids: list[str]) -> bool:
    return line.far.ids == ids


@both_databases
def test_two_workers_at_once_deliver_each_message_once_and_in_order(line: Line) -> None:
    ids = waiting(line)
    held, other_is_done = threading.Event(), threading.Event()

    def hears(_: Received) -> None:
        held.set()
        assert other_is_done.wait(PATIENCE_SECONDS)

    line.far.hears = hears
    first = threading.Thread(target=line.works)
    first.start()
    assert held.wait(PATIENCE_SECONDS)
    # The second comes while the first message is on its way, with news of its own.
    ids += waiting(line, 1)[-1:]
    line.works()
    assert len(line.far.got) == 1, "the second worker left what the first has in hand"
    other_is_done.set()
    first.join()
    assert arrived_in_order_once(line, ids)


@both_databases
def test_many_workers_lose_nothing_and_overtake_nobody(line: Line) -> None:
    ids = waiting(line)
    race(lambda _: line.works(), attempts=4, threads=4)
    assert arrived_in_order_once(line, ids)


def send_bare(line: Line, message_id: str) -> Outcome:
    """Send a message as the controls do: taken in hand by nobody."""
    secret, now = (line.secret,), core_clock.now()
    task = Task(line.endpoint_id, "", message_id, line.far.url, "{}", secret, 0, now)
    return webhooks.hand_over(webhooks.Sender(allows_local=True), task)


def heads_without_a_fence(line: Line, before_sending: Callable[[], object]) -> None:
    """The control: reads the oldest that waits and sends it; nobody holds anything."""
    first = next(one for one in line.log() if one.state == rules.WAITING)
    before_sending()
    send_bare(line, first.id)


@both_databases
def test_without_a_fence_two_workers_send_the_same_message(line: Line) -> None:
    ids = waiting(line)
    meet = meeting(2)
    race(lambda _: heads_without_a_fence(line, meet), attempts=2, threads=2)
    assert line.far.ids == [ids[0]] * 2
    assert not arrived_in_order_once(line, ids[:2])


def one_job_each(line: Line, ids: list[str]) -> None:
    """The control: every message is a job of its own, put back where it is refused."""
    queue = list(ids)
    while queue:
        message_id = queue.pop(0)
        if not send_bare(line, message_id).is_taken:
            queue.append(message_id)


def test_a_job_for_each_message_would_overtake_what_is_tried_again(
    line: Line, clock: FixedClock
) -> None:
    ids = waiting(line, 3)
    line.far.answers += [says(500)]
    one_job_each(line, ids)
    assert line.far.ids[1:] == [ids[1], ids[2], ids[0]], "the control must be out of order"
    line.far.got.clear()
    line.far.answers += [says(500)]
    line.works()
    clock.advance(seconds=5)
    line.works()
    assert line.far.ids[1:] == ids


@both_databases
def test_a_worker_killed_between_answer_and_note_sends_the_same_again(
    line: Line, db: Database, clock: FixedClock
) -> None:
    ids = waiting(line, 2)
    url = db.engine.url.render_as_string(hide_password=False)
    with Offspring(webhook_victim.careful, url) as worker:
        assert worker.line.recv() == "answered"
        worker.kill()
    line.works()
    assert line.far.ids == ids[:1], "who was killed still holds it"
    clock.advance(minutes=3)
    line.works()
    assert line.far.ids == [ids[0], *ids]
    assert line.states() == [rules.DELIVERED] * 2


def test_to_note_before_sending_would_lose_the_message(
    line: Line, db: Database, clock: FixedClock
) -> None:
    ids = waiting(line, 2)
    url = db.engine.url.render_as_string(hide_password=False)
    with Offspring(webhook_victim.naive, url) as worker:
        assert worker.line.recv() == "taken"
        worker.kill()
    clock.advance(minutes=3)
    line.works()
    assert line.far.ids == ids[1:], "the control must lose the first"


def sorts(line: Line, resolve: Callable[..., Told | None] = tell_systems.told_of) -> None:
    with line.db.write() as session:
        outgoing.sort(session, resolve, now=core_clock.now())


@both_databases
def test_news_are_written_out_once_and_in_order_whoever_does_it(line: Line) -> None:
    sold = line.sells(MESSAGES)
    race(lambda _: sorts(line), attempts=4, threads=4)
    line.works()
    assert [got.told["data"]["receipt_id"] for got in line.far.got] == sold


@pytest.mark.parametrize(
    "db", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_without_the_gate_news_would_be_written_out_twice(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite has one writer at a time, gate or not.
    line.sells(1)
    meet = meeting(2)

    def resolve(*given: object) -> Told | None:
        meet()
        return tell_systems.told_of(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(outgoing, "close_gate", lambda *_: None)
    race(lambda _: sorts(line, resolve), attempts=2, threads=2)
    assert len(line.log()) == 2, "the control must tell the one sale twice"


@both_databases
def test_a_worker_that_was_thought_dead_changes_nothing_when_it_comes_back(
    line: Line, clock: FixedClock
) -> None:
    ids = waiting(line, 1)
    with line.db.write() as session:
        late = outgoing.begin(session, line.endpoint_id, now=core_clock.now(), key=KEY)
    assert late is not None
    clock.advance(minutes=3)
    line.works()
    assert line.states() == [rules.DELIVERED]
    webhooks.settle(line.db, late, Outcome(500, 9))
    assert line.states() == [rules.DELIVERED]
    assert [attempt.status for attempt in line.log()[0].attempts] == [500, 200]
    assert line.far.ids == ids
