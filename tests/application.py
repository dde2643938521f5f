"""The application as fixtures, for those folders of tests that need it; others start faster."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from core import clock as core_clock
from core import transaction
from core.clock import FixedClock
from core.config import Settings
from core.transaction import Database
from tests.conftest import KEY


@pytest.fixture
def app_settings(db: Database, tmp_path: Path) -> Settings:
    """What the application of this test is told; override the fixture to tell it something else."""
    return Settings(
        environment="test",
        database_url=db.engine.url.render_as_string(hide_password=False),
        secret_key=KEY.decode(),
        public_url="http://localhost",
        mail_from="Swingtag <hello@shop.example>",
        data_dir=tmp_path / "data",
        rate_limits=False,
    )


@pytest.fixture
def app(app_settings: Settings, db: Database, clock: FixedClock) -> Iterator[Flask]:
    """The whole application; builders and views share one database and one clock."""
    app = create_app(app_settings)
    core_clock.install(clock)
    transaction.bind(db)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    yield app
    app.extensions["switchboard"].stop()
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
