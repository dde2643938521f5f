"""Webhooks on their way out: signed, in order, tried again, given up, sent again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import clock as core_clock
from core.clock import FixedClock
from core.ids import new_id
from core.outbox import Job
from jobs.worker import Worker
from retail.receipts import service as receipts
from retail.webhooks import outgoing, rules, service
from tests.builders.accounts import new_member
from tests.builders.brands import new_brand, new_store
from tests.builders.doctor import Doctor
from tests.builders.receipts import new_receipt
from tests.builders.receiver import hangs_up, listening, says, verifies
from tests.builders.webhooks import TOLD, Line, new_endpoint
from tests.conftest import KEY, both_databases


@both_databases
def test_a_sale_is_told_with_a_signature_that_others_can_check(line: Line) -> None:
    (receipt_id,) = line.sells()
    line.works()
    (got,) = line.far.got
    data = {"receipt_id": receipt_id, "store_id": line.store.id}
    stamp = "2026-11-22T12:00:00Z"
    assert got.told == {"type": "receipt.recorded", "timestamp": stamp, "data": data}
    assert verifies(line.secret, got.headers, got.body)
    assert not verifies(line.secret, got.headers, got.body + b" ")
    assert not verifies(line.secret, got.headers | {"webhook-id": new_id()}, got.body)
    assert got.headers["webhook-timestamp"] == "1795348800"
    (delivery,) = line.log()
    assert (delivery.id, delivery.state) == (got.id, rules.DELIVERED)
    assert [attempt.status for attempt in delivery.attempts] == [200]


@both_databases
def test_jobs_that_run_twice_tell_nothing_twice(line: Line) -> None:
    line.sells(2)
    line.works()
    with line.db.write() as session:
        session.execute(update(Job).values(done_at=None, leased_until=None))
    line.works()
    assert len(line.far.got) == 2


@both_databases
def test_ids_rise_and_messages_come_in_their_order(line: Line) -> None:
    sold = line.sells(6)
    line.works()
    assert [one.told["data"]["receipt_id"] for one in line.far.got] == sold
    assert line.far.ids == sorted(set(line.far.ids))


def test_what_happened_before_anybody_listened_and_elsewhere_is_not_told(line: Line) -> None:
    with line.app.app_context(), line.db.write() as session:
        new_receipt(session, store=new_store(session, brand_id=new_brand(session).id))
    line.works()
    assert line.far.got == []


def test_an_endpoint_hears_only_of_the_types_that_it_chose(line: Line) -> None:
    with listening() as claims:
        with line.db.write() as session:
            new_endpoint(session, line.store.brand_id, claims.url, types=("receipt.claimed",))
        (receipt_id,) = line.sells()
        with line.app.app_context(), line.db.write() as session:
            member = new_member(session, line.store.brand_id)
            receipts.claim(session, receipt_id, member_id=member.id, now=core_clock.now())
        line.works()
        assert claims.types == ["receipt.claimed"]
        assert member.id not in claims.got[0].body.decode()
    assert line.far.types == ["receipt.recorded", "receipt.claimed"]


def test_nothing_is_told_of_what_was_rolled_back(line: Line) -> None:
    def fail() -> None:
        with line.app.app_context(), line.db.write() as session:
            new_receipt(session, store=line.store)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    line.works()
    assert line.far.got == []


def test_a_refusal_is_tried_again_later_under_the_same_id_and_holds_up_the_rest(
    line: Line, clock: FixedClock
) -> None:
    line.far.answers += [says(500, "Out of order"), hangs_up]
    sold = line.sells(2)
    line.works()
    assert len(line.far.got) == 1
    line.works()
    assert len(line.far.got) == 1, "not before its time"
    clock.advance(seconds=5)
    line.works()
    assert len(line.far.got) == 2
    clock.advance(seconds=10)
    line.works()
    first, second = line.far.ids[0], line.far.ids[-1]
    assert line.far.ids == [first, first, first, second]
    assert line.far.got[-1].told["data"]["receipt_id"] == sold[-1]
    tries = line.log()[0].attempts[::-1]
    assert [(one.status, one.error, one.answer) for one in tries] == [
        (500, None, "Out of order"),
        (None, "unreachable", ""),
        (200, None, ""),
    ]


@pytest.mark.parametrize("status", [429, 503])
def test_a_wish_for_patience_is_granted(line: Line, clock: FixedClock, status: int) -> None:
    line.far.answers += [says(status, Retry_After="3600")]
    line.sells()
    line.works()
    clock.advance(seconds=3599)
    line.works()
    assert len(line.far.got) == 1
    clock.advance(seconds=1)
    line.works()
    assert line.states() == [rules.DELIVERED]


def test_a_redirection_is_a_refusal(line: Line) -> None:
    with listening() as elsewhere:
        line.far.answers += [says(307, Location=elsewhere.url)]
        line.sells()
        line.works()
        assert elsewhere.got == []
    assert line.log()[0].attempts[0].status == 307
    assert line.states() == [rules.WAITING]


def test_after_a_day_a_message_is_a_dead_letter_and_the_next_has_its_turn(
    line: Line, clock: FixedClock
) -> None:
    line.far.answers += [says(500)] * 200
    (first,) = line.sells()
    line.works()
    for _ in range(26):
        clock.advance(hours=1)
        line.works()
    assert line.states() == [rules.DEAD]
    assert len(line.log()[0].attempts) >= 10
    line.far.answers.clear()
    line.sells()
    line.works()
    assert line.states() == [rules.DEAD, rules.DELIVERED]
    assert line.replays(since=core_clock.now() - timedelta(days=2), dead_only=True) == 1
    line.works()
    assert line.far.got[-1].told["data"]["receipt_id"] == first
    assert line.states() == [rules.DELIVERED] * 2


def test_one_message_or_all_since_are_sent_again_under_their_ids(
    line: Line, clock: FixedClock
) -> None:
    line.sells()
    line.works()
    clock.advance(hours=1)
    line.sells(2)
    line.works()
    first, second, third = line.far.ids
    assert line.replays(message_id=first) == 1
    line.works()
    assert line.replays(since=core_clock.now()) == 2
    line.works()
    assert line.far.ids == [first, second, third, first, second, third]


def test_gone_disables_at_once_and_long_failure_in_the_end(
    line: Line, clock: FixedClock, logs: Callable[[], str], doctor: Doctor
) -> None:
    assert doctor.state("webhooks") == "ok"
    line.far.answers += [says(410)]
    line.sells(2)
    line.works()
    assert (line.is_disabled(), len(line.far.got)) == ("gone", 1)
    assert line.states() == [rules.DEAD] * 2
    assert "webhook.disabled" in logs()
    assert doctor.state("webhooks") == "look"
    with line.db.write() as session:
        service.enable(
            session, line.endpoint_id, brand_id=line.store.brand_id, now=core_clock.now()
        )
    line.far.answers += [says(500)] * 300
    for _ in range(4):
        line.sells()
        line.works()
        clock.advance(hours=25)
    assert line.is_disabled() == "failing"
    line.sells()
    line.works()
    assert line.states()[-1] == rules.DEAD, "what happens meanwhile can be replayed"


def test_a_log_keeps_little_of_an_answer_and_nothing_of_the_secret(line: Line) -> None:
    line.far.answers += [says(200, f"You said {line.secret} and\n" + "x" * 9000)]
    line.sells()
    line.works()
    answer = line.log()[0].attempts[0].answer
    assert answer.startswith("You said … and x")
    assert len(answer) == 200


def test_an_old_secret_signs_as_well_until_the_overlap_is_over(
    line: Line, clock: FixedClock
) -> None:
    at = {"brand_id": line.store.brand_id, "key": KEY}
    with line.db.write() as session:
        now = core_clock.now()
        _, fresh = service.rotate(session, line.endpoint_id, version=2, now=now, **at)  # type: ignore[arg-type]
        again = service.rotate(session, line.endpoint_id, version=2, now=now, **at)  # type: ignore[arg-type]
    assert fresh is not None
    assert again[1] is None, "shown once"
    line.sells()
    line.works()
    both = line.far.got[-1]
    assert verifies(line.secret, both.headers, both.body)
    assert verifies(fresh, both.headers, both.body)
    clock.advance(hours=24)
    line.sells()
    line.works()
    new = line.far.got[-1]
    assert verifies(fresh, new.headers, new.body)
    assert not verifies(line.secret, new.headers, new.body)


def test_what_jobs_forgot_is_sent_all_the_same(line: Line, clock: FixedClock) -> None:
    line.sells()
    with line.app.app_context():
        Worker(line.db, transactional=TOLD, leased={}).run_all()
    with line.db.write() as session:
        assert not outgoing.has_overlooked(session, core_clock.now())
        clock.advance(minutes=2)
        assert outgoing.has_overlooked(session, core_clock.now())
        outgoing.wake_overlooked(session, core_clock.now())
    line.works()
    assert len(line.far.got) == 1
