"""Alive, ready, measured."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from core.outbox import enqueue
from core.transaction import Database
from tests.conftest import NOON, both_databases


@both_databases
def test_a_sound_installation_is_alive_and_ready(app: Flask) -> None:
    client = app.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


def test_an_unreachable_database_is_not_ready_but_alive(
    app: Flask, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("SELECT 1", {}, Exception("password of the database"))

    monkeypatch.setattr(db, "engine", SimpleNamespace(connect=refuse))
    client = app.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, client.get("/healthz").status_code) == (503, 200)
    assert answer.json == {"status": "not ready", "why": "OperationalError"}


def test_an_undurable_database_is_not_ready(app: Flask, db: Database) -> None:
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.execute("PRAGMA synchronous = 1")
    assert app.test_client().get("/readyz").status_code == 503


@both_databases
def test_jobs_and_requests_are_counted(app: Flask, db: Database) -> None:
    with db.write() as session:
        enqueue(session, "nobody_knows", {}, due_at=NOON)
    client = app.test_client()
    client.get("/healthz")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'swingtag_jobs{state="due"} 1.0' in text
    counted = re.search(
        r'swingtag_requests_total\{endpoint="health.alive",method="GET",status_class="2"\} (\S+)',
        text,
    )
    assert counted is not None
    assert float(counted[1]) >= 1


def test_an_invented_method_or_address_makes_no_label(app: Flask) -> None:
    client = app.test_client()
    client.open("/healthz", method="BREW")
    client.get("/token-AAAA-BBBB")
    text = client.get("/metrics").get_data(as_text=True)
    assert "BREW" not in text
    assert "AAAA" not in text
    assert 'endpoint="unmatched"' in text
