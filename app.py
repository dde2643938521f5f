"""The switch: settings in, a wired application out. The only place that knows Flask-SQLAlchemy."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from core import clock, config, log, transaction
from core.bell import new_bell
from core.clock import SystemClock
from core.config import Settings
from core.model import Base
from core.outbox import install_reactions
from jobs.cli import commands
from jobs.reactions import REACTIONS, WITNESSES
from web import (
    elsewhere,
    epcis,
    errors,
    headers,
    language,
    limits,
    live,
    routes,
    storable,
    uploads,
)
from web.cookies import QuietCookies
from web.front import Front
from web.openapi import create_api
from web.pages.fitting_room import part
from web.pages.shopper import outfit
from web.readers import Readers
from web.screens import Screens

MAX_BODY_BYTES = 8 * 1024 * 1024
db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """An application for these settings, by default those of the environment.

    Raises core.config.SettingsError naming everything that is to be set.
    """
    settings = settings or config.load(os.environ)
    log.configure(settings.log_level)
    if settings.is_development:
        clock.install(SystemClock(settings.clock_offset))
    app = Flask(
        __name__,
        template_folder="kiosk_templates",
        static_folder="kiosk_templates/static",
        static_url_path="/static",
    )
    app.jinja_environment = language.Templates
    app.session_interface = QuietCookies()
    _configure(app, settings)
    _open_database(app, settings)
    install_reactions(REACTIONS, WITNESSES)
    headers.register(app)
    uploads.register(app)
    storable.register(app)
    limits.register(app, settings)
    elsewhere.register(app, settings)
    csrf.init_app(app)
    errors.register(app)
    live.register(app)
    epcis.register(app)
    routes.register(app, create_api(app), csrf)
    language.register(app)
    for command in commands():
        app.cli.add_command(command)
    _put_in_front(app, settings)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _put_in_front(app: Flask, settings: Settings) -> None:
    makers = {"/o/": outfit.maker(settings.public_url)}
    readers = Readers(app.wsgi_app, settings, app.extensions)
    screens = Screens(
        readers,
        {"/room/now": part.maker(app)},
        key=settings.key,
        is_secure=settings.is_secure,
    )
    app.wsgi_app = Front(screens, makers, is_secure=settings.is_secure)  # type: ignore[method-assign]


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=settings.older_keys,
        # Flask-WTF does not read the fallbacks; of a list, the last one signs.
        WTF_CSRF_SECRET_KEY=[*settings.older_keys, settings.secret_key],
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME="__Host-page" if settings.is_secure else "page",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        # It would ask for a Referer, which our own Referrer-Policy withholds.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="en_GB",
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 32, "max_overflow": 96, "hide_parameters": True},
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _open_database(app: Flask, settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(__file__).parent / "migrations"))
    with app.app_context():
        engine = transaction.prepare_engine(db.engine)
    transaction.bind(transaction.Database(engine, new_bell(settings.redis_url)))
