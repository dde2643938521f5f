"""Idempotency keys: one effect and one answer, however often and however close together."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select

from core import replay
from core.outbox import Event, emit
from core.replay import Answer, KeyReused, Replay
from core.sql import insert_ignore
from core.transaction import Database
from tests.builders.events import Opened
from tests.builders.races import meeting
from tests.conftest import NOON, both_databases


def ask(db: Database, key: str = "k1", fingerprint: str = "f1", scope: str = "till") -> Answer:
    """A request with an effect, an event, done once for each key."""
    with db.write() as session:
        answer = replay.begin(session, scope=scope, key=key, fingerprint=fingerprint, now=NOON)
        if answer is None:
            emit(session, Opened(key))
            answer = Answer(201, f"{key} is open")
            replay.finish(session, scope=scope, key=key, status=answer.status, body=answer.body)
        return answer


def effects(db: Database) -> int:
    with db.read() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


@both_databases
def test_the_same_request_gets_the_same_answer_and_no_second_effect(db: Database) -> None:
    assert [ask(db), ask(db), ask(db)] == [Answer(201, "k1 is open")] * 3
    assert effects(db) == 1


@both_databases
def test_the_same_key_with_another_body_is_refused(db: Database) -> None:
    ask(db)
    with pytest.raises(KeyReused):
        ask(db, fingerprint="f2")
    assert effects(db) == 1


@both_databases
def test_keys_of_different_clients_do_not_meet(db: Database) -> None:
    ask(db, scope="till 1")
    ask(db, scope="till 2", fingerprint="f2")
    assert effects(db) == 2


@both_databases
def test_a_refused_request_leaves_its_key_free(db: Database) -> None:
    with pytest.raises(ZeroDivisionError), db.write() as session:
        assert replay.begin(session, scope="till", key="k1", fingerprint="f1", now=NOON) is None
        raise ZeroDivisionError
    assert ask(db, fingerprint="f2") == Answer(201, "k1 is open")


def together(times: int, ask_once: Callable[[], object]) -> None:
    barrier = threading.Barrier(times)

    def twin() -> None:
        barrier.wait()
        ask_once()

    twins = [threading.Thread(target=twin) for _ in range(times)]
    for thread in twins:
        thread.start()
    for thread in twins:
        thread.join()


@pytest.mark.proof(rounds=1_250)
@both_databases
def test_twins_at_the_same_moment_have_one_effect(db: Database) -> None:
    answers: list[Answer] = []
    together(8, lambda: answers.append(ask(db)))
    assert answers == [Answer(201, "k1 is open")] * 8
    assert effects(db) == 1


def ask_naively(db: Database, key: str, all_have_looked: Callable[[], object]) -> None:
    """The control: look for the key, then act."""
    with db.read() as session:
        is_known = session.get(Replay, ("till", key)) is not None
    all_have_looked()
    if not is_known:
        with db.write() as session:
            emit(session, Opened(key))
            insert_ignore(
                session, Replay, scope="till", key=key, fingerprint="f1", answered_at=NOON
            )


@pytest.mark.proof
@both_databases
def test_looking_before_writing_would_let_twins_through(db: Database) -> None:
    together(8, partial(ask_naively, db, "k1", meeting(8)))
    assert effects(db) == 8
