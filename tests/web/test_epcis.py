"""Pieces that come into a room are told to the operator's repository, and written down nowhere."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from connectors.epcis.documents import Seen
from connectors.epcis.teller import HOLDS_FOR, LOST, MOST_WAITING, TOLD, Repository, Teller
from connectors.webhooks.sender import Sender
from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from tests.builders.brands import new_store
from tests.builders.floor import batch, epc_of, new_device, new_floor
from tests.builders.receiver import Receiver, hangs_up, listening, says
from tests.processes import PATIENCE_SECONDS

EPC = "urn:epc:id:sgtin:0614141.812345.6789"


class Told:
    """What a teller counted."""

    def __init__(self) -> None:
        self.counts = {TOLD: 0, LOST: 0}
        self._changed = threading.Condition()

    def __call__(self, outcome: str, number: int) -> None:
        with self._changed:
            self.counts[outcome] += number
            self._changed.notify_all()

    def becomes(self, *, told: int = 0, lost: int = 0) -> bool:
        """Whether it comes to that."""
        with self._changed:
            wanted = {TOLD: told, LOST: lost}
            return self._changed.wait_for(lambda: self.counts == wanted, PATIENCE_SECONDS)


@pytest.fixture
def repository() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def teller(repository: Receiver, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Teller]:
    monkeypatch.setattr("connectors.epcis.teller.FIRST_PAUSE", 0.01)
    to = Repository(repository.url, "a token", "https://shop.example")
    teller = Teller(to, Sender(allows_local=True), told)
    yield teller
    teller.stop()


def seen(number: int = 1) -> list[Seen]:
    return [Seen(f"{EPC}{at}", "ZONE", "STORE", core_clock.now()) for at in range(number)]


def epcs_of(repository: Receiver) -> list[str]:
    events = [one.told["epcisBody"]["eventList"] for one in repository.got]
    return [epc for each in events for event in each for epc in event["epcList"]]


def test_a_repository_is_told_in_its_own_words(
    repository: Receiver, teller: Teller, told: Told
) -> None:
    teller.tell(seen())
    assert told.becomes(told=1)
    (got,) = repository.got
    assert got.headers["content-type"] == "application/ld+json"
    assert got.headers["gs1-epcis-version"] == "2.0.0"
    assert got.headers["authorization"] == "Bearer a token"
    assert epcs_of(repository) == [f"{EPC}0"]


def test_a_repository_that_was_away_for_a_moment_misses_nothing_and_keeps_the_order(
    repository: Receiver, teller: Teller, told: Told
) -> None:
    repository.answers = [hangs_up, says(503), says(429)]
    for one in seen(3):
        teller.tell([one])
    assert told.becomes(told=3)
    taken = [epc for one in repository.got[3:] for epc in epcs_of(Receiver("", [one]))]
    assert taken == [f"{EPC}{at}" for at in range(3)]


def test_what_is_refused_for_good_is_counted_as_lost_and_not_tried_again(
    repository: Receiver, teller: Teller, told: Told
) -> None:
    repository.answers = [says(400)]
    teller.tell(seen(2))
    assert told.becomes(lost=2)
    assert len(repository.got) == 1


def test_nothing_is_held_for_longer_than_two_minutes(
    repository: Receiver, teller: Teller, told: Told, clock: FixedClock
) -> None:
    repository.hears = lambda _: clock.advance(seconds=HOLDS_FOR.total_seconds())
    repository.answers = [says(503)]
    teller.tell(seen(2))
    assert told.becomes(lost=2)
    assert teller.waits() == 0


def test_a_queue_that_is_full_takes_no_more(
    repository: Receiver, teller: Teller, told: Told
) -> None:
    repository.answers = [says(503)]
    teller.tell(seen(MOST_WAITING + 5))
    assert told.counts[LOST] == 5


@pytest.fixture
def told_app(app: Flask, teller: Teller) -> Iterator[Flask]:
    app.extensions["epcis"] = teller
    yield app
    app.extensions["epcis"] = None


def test_a_piece_that_comes_in_is_told_once_and_no_row_names_it(
    told_app: Flask, db: Database, repository: Receiver, told: Told, clock: FixedClock
) -> None:
    with db.write() as session:
        store = new_store(session)
        goods = new_floor(session, store)
        reader = new_device(session, store, "reader")
    client, says_who = told_app.test_client(), {"Authorization": f"Bearer {reader}"}
    digits = epc_of(goods.trench_10, serial=123_456_789)
    for _ in range(3):
        reads = batch((digits, clock.now(), -45.0))
        assert client.post("/api/v1/tag-reads", json=reads, headers=says_who).status_code == 200
        clock.advance(seconds=1)
    assert told.becomes(told=1)
    (uri,) = epcs_of(repository)
    assert uri.endswith(".123456789")
    with db.read() as session:
        rows = repr([session.execute(text(f"SELECT * FROM {name}")).all() for name in tables(db)])
    assert "123456789" not in rows
    assert store.id in rows, "the rows are those of this shop"


def test_a_batch_that_is_refused_tells_nothing(
    told_app: Flask, db: Database, repository: Receiver, teller: Teller, clock: FixedClock
) -> None:
    with db.write() as session:
        store = new_store(session)
        goods = new_floor(session, store)
        reader = new_device(session, store, "reader")
    late = batch((epc_of(goods.trench_10), clock.now() - timedelta(hours=1), -45.0))
    says_who = {"Authorization": f"Bearer {reader}"}
    client = told_app.test_client()
    assert client.post("/api/v1/tag-reads", json=late, headers=says_who).json["late"] == 1
    assert (teller.waits(), repository.got) == (0, [])


def tables(db: Database) -> list[str]:
    return inspect(db.engine).get_table_names()
