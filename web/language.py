"""The reader's language, and pages' words in it: each is looked up once and kept."""

from collections.abc import MutableMapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, request
from flask.templating import Environment
from flask_babel import Babel, get_locale, get_translations
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

_SPOKEN = ("en-GB", "en")
# Asked dozens of times for each page, and dearer to ask of the request.
_reader: ContextVar[Locale | None] = ContextVar("reader", default=None)


class Templates(Environment):
    """Flask's own, with globals in one plain mapping, so that to import a macro costs little."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; what is added later does not reach templates in use."""
        return {**self.globals, **(d or {})}


def register(app: Flask) -> None:
    """Let an application speak to each reader in the language that fits best."""
    Babel(app, locale_selector=lambda: _best(request.headers.get("Accept-Language", "")))
    app.before_request(_listen)
    app.teardown_request(_forget)
    app.jinja_env.globals.update(_=say, gettext=say)


def say(message: str, /, **values: Any) -> Markup:
    """The message in the reader's language, its values escaped and filled in."""
    locale = _reader.get() or get_locale()
    return _said(locale, message) % values if values else _said_plainly(locale, message)


def language() -> str:
    """The reader's language, as Babel names it."""
    return _name(_reader.get() or get_locale())


def _listen() -> None:
    _reader.set(get_locale())


def _forget(_: BaseException | None) -> None:
    _reader.set(None)


@lru_cache(maxsize=64)
def _best(accepted: str) -> Locale:
    languages = parse_accept_header(accepted, LanguageAccept)
    return Locale.parse(languages.best_match(_SPOKEN, default=_SPOKEN[0]).replace("-", "_"))


@lru_cache(maxsize=64)
def _name(locale: Locale | None) -> str:
    return str(locale or "en_GB")


@lru_cache(maxsize=4096)
def _said_plainly(locale: Locale | None, message: str) -> Markup:
    values: dict[str, Any] = {}
    return _said(locale, message) % values


@lru_cache(maxsize=4096)
def _said(_: Locale | None, message: str) -> Markup:
    # Messages are ours, never a reader's.
    return Markup(get_translations().ugettext(message))  # noqa: S704
