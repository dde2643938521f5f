"""Visitors who use the pages of an application."""

from collections.abc import Callable

import pytest
from flask import Flask

from core.transaction import Database
from jobs.schedule import new_worker
from tests.application import app, app_settings, kept_app
from tests.builders.visitor import Visitor

__all__ = ["app", "app_settings", "kept_app", "mailed_code", "reaches_flask", "visit"]


@pytest.fixture
def visit(app: Flask) -> Callable[[], Visitor]:
    """A new browser, without cookies."""
    return lambda: Visitor(app.test_client())


@pytest.fixture
def reaches_flask(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for each request that came through to Flask."""
    asked: list[str] = []
    usual = app.full_dispatch_request

    def noting(*args: object) -> object:
        asked.append("asked")
        return usual(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(app, "full_dispatch_request", noting)
    return asked


@pytest.fixture
def mailed_code(app: Flask, db: Database, visit: Callable[[], Visitor]) -> Callable[[], str]:
    """Let the worker send what is due, and read the newest code in the mailbox."""

    def read() -> str:
        with app.app_context():
            new_worker(db).run_all()
        newest, _, _ = visit().open("/dev/mailbox").text.partition("</data>")
        return newest[-6:]

    return read
