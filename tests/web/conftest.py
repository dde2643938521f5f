"""Visitors who use the pages of an application."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.application import app, app_settings
from tests.builders.visitor import Visitor

__all__ = ["app", "app_settings", "visit"]


@pytest.fixture
def visit(app: Flask) -> Callable[[], Visitor]:
    """A new browser, without cookies."""
    return lambda: Visitor(app.test_client())
