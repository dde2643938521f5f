"""The doctor finds what is wrong, each thing caused for real, and says what to do."""

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http.server import HTTPServer

import flask_migrate
import pytest
import time_machine
from click.testing import Result
from flask import Flask
from werkzeug.serving import make_server

from core import installation
from core.clock import FixedClock
from core.outbox import enqueue
from core.transaction import Database
from jobs import queue
from jobs.doctor import place
from jobs.doctor.checkup import CHECKS
from jobs.schedule import new_worker
from retail.journeys.members.erase_member import erase_member
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.doctor import Doctor, Stranger, served
from tests.conftest import KEY, NOON, ROOT, both_databases
from tests.processes import free_port

CERTIFICATE = ROOT / "tests" / "connectors" / "localhost.pem"


def test_settings_that_are_allowed_and_seldom_meant_are_found(doctor: Doctor) -> None:
    sound = {"environment": "production", "smtp_url": "smtp://mail", "rate_limits": True}
    assert doctor.state("settings") == "ok"
    assert doctor.state("settings", **sound) == "ok"
    assert doctor.state("settings", public_url="https://shop.example") == "broken"
    assert "mailbox" in doctor.sees("settings", public_url="https://shop.example").says
    assert doctor.state("settings", **sound | {"rate_limits": False}) == "look"
    assert doctor.state("settings", **sound, public_url="https://shop.example") == "look"
    assert "SMTP_URL" in doctor.sees("settings", **sound | {"smtp_url": None}).says


def test_a_full_disk_is_found(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "LITTLE_FREE", 0)
    monkeypatch.setattr(place, "LEAST_FREE", 0)
    assert doctor.state("disk") == "ok"
    monkeypatch.setattr(place, "LITTLE_FREE", 1 << 60)
    assert doctor.state("disk") == "look"
    monkeypatch.setattr(place, "LEAST_FREE", 1 << 60)
    assert doctor.state("disk") == "broken"


def test_files_that_others_may_read_or_change_are_found(doctor: Doctor) -> None:
    folder = doctor.settings.data_dir
    database = folder / "shop.db"
    database.touch(mode=0o644)
    address = {"database_url": f"sqlite:///{database}"}
    folder.chmod(0o700)
    assert doctor.state("permissions", **address) == "ok"
    folder.chmod(0o755)
    assert doctor.state("permissions", **address) == "look"
    database.chmod(0o600)
    assert doctor.state("permissions", **address) == "ok"
    database.chmod(0o666)
    assert doctor.state("permissions", **address) == "broken"
    folder.chmod(0o700)


@pytest.mark.redis
def test_a_redis_that_does_not_answer_is_found(doctor: Doctor, redis_server: str) -> None:
    assert doctor.state("redis") == "ok"
    assert doctor.state("redis", redis_url=redis_server) == "ok"
    assert doctor.state("redis", redis_url=f"redis://127.0.0.1:{free_port()}/0") == "look"


@both_databases
def test_a_worker_that_stopped_is_found(
    doctor: Doctor, app: Flask, db: Database, clock: FixedClock
) -> None:
    assert "ever run" in doctor.sees("worker").says
    assert doctor.state("secret key") == "look"
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            new_worker(db).run(stop)

    thread = threading.Thread(target=work)
    thread.start()
    while doctor.state("worker") != "ok":
        stop.wait(0.05)
    stop.set()
    thread.join()
    assert doctor.state("secret key") == "ok"
    clock.advance(minutes=2)
    assert doctor.state("worker") == "look"
    clock.advance(minutes=4)
    assert doctor.state("worker") == "broken"
    clock.advance(days=366)
    assert doctor.state("secret key") == "look"


@both_databases
def test_jobs_that_wait_or_were_given_up_are_found(
    doctor: Doctor, db: Database, clock: FixedClock
) -> None:
    assert (doctor.state("waiting jobs"), doctor.state("dead jobs")) == ("ok", "ok")
    with db.write() as session:
        enqueue(session, "nobody_knows", {}, due_at=NOON)
    assert doctor.state("waiting jobs") == "ok"
    clock.advance(minutes=2)
    assert doctor.state("waiting jobs") == "look"
    clock.advance(minutes=20)
    assert "nobody_knows, is due for 22 minutes" in doctor.sees("waiting jobs").says
    assert doctor.state("waiting jobs") == "broken"
    with db.write() as session:
        job = queue.claim(session, clock.now(), kinds=frozenset({"nobody_knows"}))
        assert job is not None
        last = replace(job, attempts=queue.MAX_ATTEMPTS)
        queue.postpone(session, last, "OSError", clock.now())
    assert doctor.state("dead jobs") == "look"
    assert doctor.state("waiting jobs") == "ok"


@both_databases
def test_events_that_should_be_gone_or_are_not_yet_are_found(
    doctor: Doctor, db: Database, clock: FixedClock
) -> None:
    assert doctor.state("events") == "ok"
    with db.write() as session:
        new_member(session, new_store(session).brand_id)
        erase_member(
            session,
            member=new_member(session, new_store(session).brand_id),
            now=clock.now(),
            key=KEY,
        )
    assert doctor.state("events") == "ok"
    clock.advance(hours=26)
    assert "should be gone" in doctor.sees("events").says
    clock.advance(hours=-27)
    assert "ahead" in doctor.sees("events").says


@pytest.mark.postgresql
@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_a_wrong_clock_is_found(doctor: Doctor, db: Database) -> None:
    assert doctor.state("clocks") == "ok"
    with time_machine.travel(timedelta(seconds=10)):
        assert doctor.state("clocks") == "look"
    with time_machine.travel(timedelta(hours=-1)):
        assert doctor.state("clocks") == "broken"


def test_a_mail_server_that_is_not_there_is_found(doctor: Doctor) -> None:
    assert doctor.state("mail") == "ok"
    assert doctor.state("mail", smtp_url=f"smtp://127.0.0.1:{free_port()}") == "broken"


def test_an_address_that_leads_elsewhere_is_found(doctor: Doctor, app: Flask) -> None:
    with served(make_server("127.0.0.1", 0, app)) as ours:
        assert doctor.state("public address", public_url=f"http://{ours}") == "ok"
        assert doctor.state("public address", public_url=f"http://{ours}/shop") == "broken"
        found = doctor.sees("public address", public_url=f"http://{ours}", secret_key="y" * 40)
        assert "another SECRET_KEY" in found.says
    assert "does not answer" in doctor.sees("public address", public_url=f"http://{ours}").says
    with served(HTTPServer(("127.0.0.1", 0), Stranger)) as theirs:
        found = doctor.sees("public address", public_url=f"http://{theirs}")
        assert (found.state, "something else" in found.says) == ("broken", True)


def test_a_certificate_that_phones_refuse_or_that_ends_is_found(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.state("tls") == "ok"
    assert doctor.state("tls", environment="production") == "broken"
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with served(server) as address:
        told = {"public_url": f"https://localhost:{address.partition(':')[2]}"}
        assert "refuse the certificate" in doctor.sees("tls", **told).says
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        good = doctor.sees("tls", **told)
        assert good.state == "ok", good
    assert "No TLS there" in doctor.sees("tls", **told).says


def test_a_push_key_that_is_none_is_found(doctor: Doctor) -> None:
    made = doctor.app.test_cli_runner().invoke(args=["push", "new-keys"]).stdout
    assert doctor.state("push key") == "ok"
    assert doctor.state("push key", push_key=made.strip().removeprefix("PUSH_KEY=")) == "ok"
    assert doctor.state("push key", push_key="not a key") == "broken"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    return lambda *words: app.test_cli_runner().invoke(args=["doctor", *words])


@pytest.mark.own_app
def test_the_command_has_a_line_for_each_check_and_a_status_for_the_worst(
    run: Callable[..., Result], doctor: Doctor, db: Database, clock: FixedClock
) -> None:
    lines = run().stdout.splitlines()
    assert len(lines) == len(CHECKS)
    assert all("→" in line for line in lines if not line.startswith("ok"))
    assert run().exit_code == 2
    told = run("--json")
    document = json.loads(told.stdout)
    assert (document["state"], told.exit_code) == ("broken", 2)
    assert [entry["check"] for entry in document["checks"]] == [check.name for check in CHECKS]
    assert {entry["state"] for entry in document["checks"]} <= {"ok", "look", "broken"}


@pytest.mark.own_app
def test_the_status_tells_well_from_look(
    run: Callable[..., Result], app: Flask, doctor: Doctor, db: Database, clock: FixedClock
) -> None:
    with app.app_context():
        flask_migrate.stamp()
        app.extensions["sqlalchemy"].engine.dispose()
        new_worker(db).run_ticks(are_all_due=True)
    with db.write() as session:
        installation.note(session, installation.BACKUP, clock.now())
    with served(make_server("127.0.0.1", 0, app)) as ours:
        told = replace(doctor.settings, public_url=f"http://{ours}")
        app.config["SETTINGS"] = told
        well = run()
        assert well.exit_code == 0, well.stdout
        clock.advance(days=2)
        with app.app_context():
            new_worker(db).run_ticks(are_all_due=True)
        assert run().exit_code == 1
