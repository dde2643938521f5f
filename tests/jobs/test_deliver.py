"""Mails leave the house: through the worker, by SMTP or into the local mailbox."""

import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from flask import Flask
from sqlalchemy import select

from connectors.mail import mailbox
from core.clock import FixedClock
from core.config import Settings
from core.outbox import Job
from core.transaction import Database
from jobs.schedule import new_worker
from retail.accounts import rules, service
from retail.accounts.models import SignInCode
from tests.builders.brands import new_brand
from tests.conftest import KEY

EMAIL = "nina@shopper.example"


@pytest.fixture
def code(db: Database, clock: FixedClock) -> str:
    """A code that waits to be mailed."""
    with db.write() as session:
        brand = new_brand(session, name="Alder & <Finch>")
        service.request_code(session, brand_id=brand.id, email=EMAIL, now=clock.now(), key=KEY)
        return rules.sign_in_code(KEY, session.scalars(select(SignInCode.id)).one())


def work(app: Flask, db: Database) -> Job:
    """Run what is due; the state of the one job."""
    with app.app_context():
        new_worker(db).run_all()
    with db.read() as session:
        return session.scalars(select(Job)).one()


def test_the_code_arrives_and_the_address_is_forgotten(
    app: Flask, app_settings: Settings, db: Database, code: str
) -> None:
    assert work(app, db).done_at is not None
    (letter,) = mailbox.letters(app_settings.data_dir / "mailbox")
    assert letter.recipient == EMAIL
    assert letter.subject == "Your sign-in code for Alder & <Finch>"
    assert f"{code[:3]} {code[3:]}" in letter.text
    assert code not in letter.subject.replace(" ", "")
    with db.read() as session:
        assert session.scalars(select(SignInCode.email)).all() == [None]


def test_a_name_never_becomes_markup(
    app: Flask, app_settings: Settings, db: Database, code: str
) -> None:
    work(app, db)
    (path,) = (app_settings.data_dir / "mailbox").glob("*.eml")
    assert "&lt;Finch&gt;" in path.read_text()
    assert not re.search(r"<h1[^>]*>[^<]*<Finch>", path.read_text())


def test_an_expired_code_is_not_mailed(
    app: Flask, app_settings: Settings, db: Database, code: str, clock: FixedClock
) -> None:
    clock.advance(minutes=10)
    assert work(app, db).done_at is not None
    assert mailbox.letters(app_settings.data_dir / "mailbox") == []


def test_a_job_done_again_after_a_crash_sends_nothing_twice(
    app: Flask, app_settings: Settings, db: Database, code: str
) -> None:
    work(app, db)
    with db.write() as session:
        session.scalars(select(Job)).one().done_at = None
    assert work(app, db).done_at is not None
    assert len(mailbox.letters(app_settings.data_dir / "mailbox")) == 1


class TestWithMailServer:
    """A server is configured, so mails go there."""

    @pytest.fixture
    def port(self) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
            return port

    @pytest.fixture
    def app_settings(self, app_settings: Settings, port: int) -> Settings:
        return replace(app_settings, smtp_url=f"smtp://127.0.0.1:{port}")

    @pytest.fixture
    def arrived(self, port: int) -> Iterator[Callable[[], list[str]]]:
        inbox: list[str] = []

        class Inbox(Message):
            def handle_message(self, message) -> None:  # type: ignore[no-untyped-def]
                inbox.append(str(message["Message-ID"]))

        server = Controller(Inbox(), hostname="127.0.0.1", port=port)
        server.start()
        yield lambda: inbox
        server.stop()

    def test_the_mail_carries_the_jobs_id(
        self, app: Flask, db: Database, code: str, arrived: Callable[[], list[str]]
    ) -> None:
        job = work(app, db)
        assert job.done_at is not None
        assert arrived() == [f"<{job.id}@shop.example>"]

    def test_an_absent_server_is_tried_again_without_a_word_of_the_code(
        self, app: Flask, db: Database, code: str, clock: FixedClock, logs: Callable[[], str]
    ) -> None:
        job = work(app, db)
        assert job.done_at is None
        assert job.due_at > clock.now()
        assert job.error == "ConnectionRefusedError"
        with db.read() as session:
            assert session.scalars(select(SignInCode.email)).one() == EMAIL
        assert "job.postponed" in logs()
        for secret in (code, f"{code[:3]} {code[3:]}", EMAIL):
            assert secret not in logs()
