"""Live streams: what changes anywhere reaches the screens that wait for it."""

import json
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core.bell import new_bell
from core.config import Settings
from core.outbox import emit
from core.transaction import Database
from tests.builders.events import Opened
from tests.conftest import both_databases
from tests.processes import PATIENCE_SECONDS, Offspring
from tests.web.announcer import say_and_ring
from web import live

ENDLESS = {"/live"}
HEARTBEAT = "event: heartbeat\ndata: {}\n\n"


class Stream:
    """A screen that listens."""

    def __init__(self, app: Flask, *topics: str) -> None:
        query = "&".join(f"topic={topic}" for topic in topics)
        self.answer: TestResponse = app.test_client().get(f"/live?{query}")
        self._chunks: Iterator[bytes] = self.answer.iter_encoded()

    def next(self) -> str:
        """The next message."""
        return next(self._chunks).decode()

    def changed(self) -> list[str]:
        """The topics of the next message, which must be of a change; hearts may beat meanwhile."""
        beats = (self.next() for _ in range(PATIENCE_SECONDS // live.HEARTBEAT_SECONDS))
        message = next(message for message in beats if message != HEARTBEAT)
        event, data, *_ = message.splitlines()
        assert event == "event: changed"
        topics: list[str] = json.loads(data.removeprefix("data: "))["topics"]
        return topics


def say(db: Database, *topics: str) -> None:
    with db.write() as session:
        emit(session, Opened("3"), topics=topics)


def test_a_stream_is_what_browsers_expect(app: Flask) -> None:
    stream = Stream(app, "store:3")
    assert stream.answer.content_type == "text/event-stream"
    assert stream.answer.headers["Cache-Control"] == "no-store"
    assert stream.answer.headers["X-Accel-Buffering"] == "no"
    assert stream.next() == "retry: 2000\nevent: hello\ndata: {}\n\n"
    stream.answer.close()


@both_databases
def test_a_change_reaches_who_waits_for_it_and_nobody_else(app: Flask, db: Database) -> None:
    here, there = Stream(app, "store:3", "board:9"), Stream(app, "store:4")
    assert "hello" in here.next()
    assert "hello" in there.next()
    say(db, "store:3", "brand:1")
    assert here.changed() == ["store:3"]
    say(db, "store:4", "board:9")
    assert there.changed() == ["store:4"]
    assert here.changed() == ["board:9"]


@both_databases
def test_what_happens_right_after_connecting_is_not_missed(app: Flask, db: Database) -> None:
    stream = Stream(app, "store:3")
    say(db, "store:3")
    assert "hello" in stream.next()
    assert stream.changed() == ["store:3"]


def test_many_changes_between_two_looks_are_one_message(app: Flask) -> None:
    screen = live.Screen(frozenset({"store:3", "store:4"}))
    for topic in ("store:3", "store:4", "store:3"):
        screen.wake([topic])
    assert screen.wait(0) == ["store:3", "store:4"]
    assert screen.wait(0) == []


def test_a_quiet_stream_has_a_heartbeat(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0)
    stream = Stream(app, "store:3")
    assert "hello" in stream.next()
    assert stream.next() == HEARTBEAT


@pytest.mark.parametrize(
    "query", ["", "topic=", "topic=member:1", "topic=store:%20", "&".join(["topic=a:1"] * 3)]
)
def test_only_topics_of_things_can_be_asked_for(app: Flask, query: str) -> None:
    assert app.test_client().get(f"/live?{query}").status_code == 422


def test_no_more_than_sixteen_topics(app: Flask) -> None:
    query = "&".join(f"topic=store:{number}" for number in range(17))
    assert app.test_client().get(f"/live?{query}").status_code == 422


class TestWithFewPlaces:
    """A process that carries two streams."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        return Settings(**(vars(app_settings) | {"max_streams": 2}))

    def test_a_full_process_sends_screens_away_for_a_while(self, app: Flask) -> None:
        first, second = Stream(app, "store:3"), Stream(app, "store:3")
        refused = Stream(app, "store:3").answer
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "10"
        first.answer.close()
        assert Stream(app, "store:3").answer.status_code == 200
        second.answer.close()


def seconds_to_arrive(stream: Stream, db: Database, redis_url: str | None) -> float:
    """How long after it was said in another process a change shows."""
    url = db.engine.url.render_as_string(hide_password=False)
    with Offspring(say_and_ring, url, redis_url) as elsewhere:
        assert elsewhere.line.recv() == "done"
        said = time.monotonic()
        assert stream.changed() == ["store:3"]
        return time.monotonic() - said


@both_databases
def test_a_change_in_another_process_arrives_within_two_seconds(
    app: Flask, db: Database, redis_url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.bell = new_bell(redis_url)
    if redis_url:
        # Only the bell can be this fast then.
        monkeypatch.setattr(live, "POLL_SECONDS", 30)
    stream = Stream(app, "store:3")
    assert "hello" in stream.next()
    # A busy machine may hold one up; where it takes longer by itself, it does so each time.
    assert any(seconds_to_arrive(stream, db, redis_url) < 2 for _ in range(5))
    monkeypatch.undo()
    db.bell.ring()


@both_databases
def test_a_screen_that_comes_back_hears_what_is_new(app: Flask, db: Database) -> None:
    stream = Stream(app, "store:3")
    assert "hello" in stream.next()
    stream.answer.close()
    say(db, "store:3")
    again = Stream(app, "store:3")
    assert "hello" in again.next()
    say(db, "store:3")
    assert again.changed() == ["store:3"]


def test_a_stopping_process_says_goodbye_and_takes_nobody(app: Flask) -> None:
    stream = Stream(app, "store:3")
    assert "hello" in stream.next()
    app.extensions["switchboard"].stop()
    assert stream.next() == "event: bye\ndata: {}\n\n"
    with pytest.raises(StopIteration):
        stream.next()
    assert Stream(app, "store:3").answer.status_code == 503
