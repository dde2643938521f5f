"""The application as fixtures, for those folders of tests that need it; others start faster."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from core import clock as core_clock
from core import log, transaction
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from tests.conftest import KEY
from web.front import Front
from web.live import Switchboard

__all__ = ["app", "app_settings", "kept_app"]


@pytest.fixture
def app_settings(db: Database, tmp_path: Path) -> Settings:
    """What the application of this test is told; override the fixture to tell it something else."""
    return _settings(db.engine.url.render_as_string(hide_password=False), tmp_path / "data")


def _settings(database_url: str, data_dir: Path) -> Settings:
    return Settings(
        environment="test",
        database_url=database_url,
        secret_key=KEY.decode(),
        public_url="http://localhost",
        mail_from="Swingtag <hello@shop.example>",
        data_dir=data_dir,
        rate_limits=False,
    )


@pytest.fixture(scope="session")
def kept_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application as most tests want it: to build one, and its templates, takes its time."""
    folder = tmp_path_factory.mktemp("application")
    kept = create_app(_settings(f"sqlite:///{folder}/nobody-looks-here.db", folder))
    yield kept
    _close(kept)


@pytest.fixture
def app(
    request: pytest.FixtureRequest, app_settings: Settings, db: Database, clock: FixedClock
) -> Iterator[Flask]:
    """The whole application; builders and views share one database and one clock.

    It is one that other tests use too, unless this one has settings that they have not, or says
    that it wants its own (`own_app`).
    """
    kept: Flask = request.getfixturevalue("kept_app")
    told: Settings = kept.config["SETTINGS"]
    here = replace(app_settings, database_url=told.database_url, data_dir=told.data_dir)
    is_shared = here == told and not request.node.get_closest_marker("own_app")
    app = kept if is_shared else create_app(app_settings)
    config = dict(app.config)
    _begin_anew(app, app_settings)
    core_clock.install(clock)
    transaction.bind(db)
    yield app
    app.extensions["switchboard"].stop()
    app.config.update(config)
    if app is not kept:
        _close(app)


def _begin_anew(app: Flask, settings: Settings) -> None:
    """Let the application have no streams, no kept pages, and these settings."""
    log.configure(settings.log_level)
    app.extensions["switchboard"] = Switchboard(settings.max_streams)
    if isinstance(app.wsgi_app, Front):
        app.wsgi_app._pages.clear()
        app.wsgi_app._application._parts.clear()
    app.config.update(SETTINGS=settings, PROPAGATE_EXCEPTIONS=True)


def _close(app: Flask) -> None:
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
