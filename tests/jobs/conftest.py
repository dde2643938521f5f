"""Commands and jobs that run within an application."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from core.config import Settings
from core.outbox import Job
from core.transaction import Database
from jobs.deliver_notes import SPEECH
from jobs.schedule import end_waiting
from jobs.telling import TELLING
from jobs.worker import Worker
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.journeys.league import give_prize
from retail.note_page import queries as note_page
from retail.notifications.speech import Wording
from retail.notifications.wording import word
from tests.application import app, app_settings, kept_app
from tests.builders.brands import new_store
from tests.builders.doctor import Doctor
from tests.builders.receiver import listening
from tests.builders.webhooks import Line, new_endpoint

__all__ = ["app", "app_settings", "kept_app"]

Work = Callable[[], None]
Told = Callable[[MemberView], list[Wording]]


@pytest.fixture
def work(app: Flask, db: Database) -> Work:
    """What is due is told, and what nobody came for ends; then all is told once more.

    No season closes but those that a test closes.
    """
    ends = {give_prize.DUE_JOB: end_waiting}

    def run() -> None:
        with app.app_context():
            Worker(db, transactional={**TELLING, **ends}, leased={}).run_all()
            with db.write() as session:
                again = update(Job).where(Job.kind.in_(TELLING), Job.done_at.is_not(None))
                session.execute(again.values(done_at=None))
            Worker(db, transactional=TELLING, leased={}).run_all()

    return run


@pytest.fixture
def told(app: Flask, db: Database) -> Told:
    """What a member's inbox says just now, newest first."""

    def read(member: MemberView) -> list[Wording]:
        with app.test_request_context(), db.read() as session:
            brand = brands.get_brand(session, member.brand_id)
            entries = note_page.inbox(session, member.id, brand)
            return [word(entry.facts, SPEECH) for entry in entries]

    return read


def titles(said: list[Wording]) -> list[str]:
    """What each note says first."""
    return [wording.title for wording in said]


@pytest.fixture
def doctor(app: Flask, db: Database, app_settings: Settings) -> Doctor:
    app_settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    return Doctor(app, db)


@pytest.fixture
def line(app: Flask, db: Database) -> Iterator[Line]:
    with listening() as far:
        with db.write() as session:
            store = new_store(session)
            view, secret = new_endpoint(session, store.brand_id, far.url)
        yield Line(app, db, store, view.id, secret, far)
