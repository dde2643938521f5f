"""Batches of reads that are heard before Flask: as Flask hears them, from the same readers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from limits import parse
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from connectors.readers.batch import NotABatch
from core import clock as core_clock
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database, database
from retail.devices import queries
from retail.devices import service as devices
from tests.builders.floor import batch, epc_of, new_device
from tests.builders.rooms import STRONG, Room, new_room
from tests.conftest import KEY
from web import limits, readers
from web.metrics import TAG_READS

PATH = "/api/v1/tag-reads"
# What each answer has of its own.
OWN = {"Date", "X-Request-Id", "Content-Security-Policy"}
OTHER_SCHEME = "urn:epc:id:sscc:0614141.1234567890"
STRANGE = "urn:epc:id:sgtin:9999999.999999.1"


@pytest.fixture
def room(app: Flask, clock: FixedClock) -> Room:
    """A room whose reader was noted as seen just now."""
    del clock
    room = new_room(app)
    room.read()
    return room


def reads(room: Room) -> dict[str, Any]:
    """One read of each sort."""
    now, trench = core_clock.now(), epc_of(room.floor.trench_10)
    late = now - timedelta(minutes=10)
    seen = [trench, STRANGE, OTHER_SCHEME, "nonsense"]
    return batch(*((epc, now, STRONG) for epc in seen), (trench, late, STRONG))


def as_flask_hears_it(room: Room, body: Any) -> TestResponse:
    """The answer to a batch with a query, which is Flask's."""
    says = {"Authorization": f"Bearer {room.reader}"}
    return room.app.test_client().post(f"{PATH}?by=flask", headers=says, json=body)


def test_a_batch_is_answered_as_flask_answers_it(room: Room, reaches_flask: list[str]) -> None:
    by_flask = as_flask_hears_it(room, reads(room))
    assert reaches_flask
    reaches_flask.clear()
    heard = room.send(reads(room))
    assert not reaches_flask
    assert (heard.status_code, heard.data) == (200, by_flask.data)
    assert {name: value for name, value in heard.headers if name not in OWN} == {
        name: value for name, value in by_flask.headers if name not in OWN
    }
    assert heard.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert heard.json["seen"] == 2
    assert heard.json["unreadable"] == heard.json["other_scheme"] == heard.json["late"] == 1


def test_a_reader_that_knows_passwords_only_has_its_token_as_one(
    room: Room, reaches_flask: list[str]
) -> None:
    reader = room.app.test_client(use_cookies=False)
    sent = {"json": reads(room), "auth": ("reader", room.reader)}
    before_flask = reader.post(PATH, **sent)
    assert not reaches_flask
    assert before_flask.json == reader.post(f"{PATH}?by=flask", **sent).json
    assert before_flask.status_code == 200
    wrong = {"json": reads(room), "auth": (room.reader, "")}
    assert reader.post(PATH, **wrong).status_code == 401


def test_what_comes_in_is_in_the_room_whoever_heard_of_it(
    room: Room, reaches_flask: list[str]
) -> None:
    room.read(epc_of(room.floor.trench_10))
    assert not reaches_flask
    assert "Trench" in room.shows() or room.floor.trench_10.id in room.shows()


def test_the_metrics_count_what_is_heard(room: Room) -> None:
    counted = TAG_READS.labels("other_scheme")
    before = counted._value.get()
    room.send(reads(room))
    assert counted._value.get() == before + 1


def plain(room: Room, body: bytes, kind: str = "application/json") -> TestResponse:
    """The answer to a body as it is."""
    says = {"Authorization": f"Bearer {room.reader}", "Content-Type": kind}
    return room.app.test_client().post(PATH, headers=says, data=body)


def with_a_cookie(room: Room) -> TestResponse:
    says = {"Authorization": f"Bearer {room.reader}"}
    return room.screen.client.post(PATH, headers=says, json=reads(room))


def by_a_key(room: Room) -> TestResponse:
    says = {"Authorization": f"Bearer {room.reader}", "Idempotency-Key": "once"}
    return room.app.test_client().post(PATH, headers=says, json=reads(room))


def of_another_type(room: Room) -> TestResponse:
    return plain(room, b'{"reads": []}', "application/x-ndjson")


def with_escapes(room: Room) -> TestResponse:
    return plain(room, b'{"reads": [{"epc": "\\u0000"}]}')


def in_another_shape(room: Room) -> TestResponse:
    return plain(room, b"[[[")


def too_many(room: Room) -> TestResponse:
    one = {"epc": OTHER_SCHEME}
    return room.send({"reads": [one] * 10_001})


def from_a_screen(room: Room) -> TestResponse:
    with database().write() as session:
        token = new_device(session, room.floor.store, "screen")
    return room.send(reads(room), token=token)


def from_nobody(room: Room) -> TestResponse:
    return room.send(reads(room), token="sd_nobody")


def from_who_was_revoked(room: Room) -> TestResponse:
    with database().write() as session:
        reader = queries.find_device(session, room.reader, key=KEY)
        assert reader is not None
        devices.revoke(session, reader, now=core_clock.now())
    return room.send(reads(room))


def from_who_was_not_seen_lately(room: Room) -> TestResponse:
    with database().write() as session:
        session.execute(text("UPDATE device SET seen_at = NULL"))
    return room.send(reads(room))


ODD: dict[str, tuple[Callable[[Room], TestResponse], int]] = {
    "a cookie": (with_a_cookie, 200),
    "a key": (by_a_key, 200),
    "another type": (of_another_type, 200),
    "escapes": (with_escapes, 422),
    "another shape": (in_another_shape, 422),
    "too many reads": (too_many, 422),
    "a screen": (from_a_screen, 403),
    "nobody": (from_nobody, 401),
    "revoked": (from_who_was_revoked, 401),
    "not seen lately": (from_who_was_not_seen_lately, 200),
}


@pytest.mark.parametrize("odd", ODD)
def test_what_is_odd_and_what_is_refused_is_left_to_flask(
    room: Room, odd: str, reaches_flask: list[str]
) -> None:
    send, status = ODD[odd]
    answer = send(room)
    assert (answer.status_code, len(reaches_flask)) == (status, 1), answer.text
    if status >= 400:
        assert answer.json["type"].startswith("urn:swingtag:problem:")


@pytest.mark.parametrize("step", ["glance_at_device", "hear"])
def test_what_breaks_on_our_side_is_answered_by_flask(
    room: Room, monkeypatch: pytest.MonkeyPatch, reaches_flask: list[str], step: str
) -> None:
    def broken(*_given: Any, **_told: Any) -> Any:
        raise OperationalError("the database is away", None, Exception())

    monkeypatch.setattr(readers.queries if step == "glance_at_device" else readers, step, broken)
    if step == "hear":
        monkeypatch.setattr("web.api.tags.hear", broken)
    room.app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = room.send(reads(room))
    room.app.config["PROPAGATE_EXCEPTIONS"] = None
    assert (answer.status_code, len(reaches_flask)) == (500, 1)
    assert answer.json["type"] == "urn:swingtag:problem:internal_error"
    assert "database" not in answer.text


def test_a_fault_before_flask_that_flask_does_not_have_is_noted(
    room: Room, monkeypatch: pytest.MonkeyPatch, reaches_flask: list[str]
) -> None:
    def broken(*_given: Any, **_told: Any) -> Any:
        raise LookupError("only here")

    noted = Mock()
    monkeypatch.setattr(readers, "hear", broken)
    monkeypatch.setattr(readers, "log", noted)
    assert room.send(reads(room)).status_code == 200
    assert len(reaches_flask) == 1
    noted.warning.assert_called_once_with("readers.left_to_flask", error="LookupError")


def test_what_is_refused_half_way_wrote_nothing(
    room: Room, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = readers.hear

    def stumbling(*given: Any) -> Any:
        usual(*given)
        raise NotABatch("it went wrong")

    monkeypatch.setattr(readers, "hear", stumbling)
    monkeypatch.setattr("web.api.tags.hear", stumbling)
    assert room.send(reads(room)).status_code == 422
    with db.read() as session:
        assert session.execute(text("SELECT * FROM room_session")).all() == []


class TestWithLimits:
    """With rate limits, as in production."""

    @pytest.fixture
    def app_settings(self, app_settings: Settings) -> Settings:
        return replace(app_settings, rate_limits=True)

    def test_a_flood_is_refused_and_the_other_reader_heard(self, room: Room) -> None:
        with database().write() as session:
            other = new_device(session, room.floor.store, "reader", zone="Fitting room 5")
            reader = queries.find_device(session, room.reader, key=KEY)
        assert reader is not None
        limiter, most = room.app.extensions["rate_limiter"], parse(limits.TAG_BATCHES)
        limiter.hit(most, "see_tags", f"device:{reader.id}", cost=most.amount - 2)
        assert room.send(reads(room)).status_code == 200
        refused = room.send(reads(room))
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert room.send(reads(room), token=other).status_code == 200
