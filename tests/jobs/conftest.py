"""Commands and jobs that run within an application."""

import pytest
from flask import Flask

from core.config import Settings
from core.transaction import Database
from tests.application import app, app_settings, kept_app
from tests.builders.doctor import Doctor

__all__ = ["app", "app_settings", "kept_app"]


@pytest.fixture
def doctor(app: Flask, db: Database, app_settings: Settings) -> Doctor:
    app_settings.data_dir.mkdir(mode=0o700, exist_ok=True)
    return Doctor(app, db)
