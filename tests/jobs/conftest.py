"""Commands and jobs that run within an application."""

from tests.application import app, app_settings, kept_app

__all__ = ["app", "app_settings", "kept_app"]
