"""The reader's language, and pages' words in it: each is looked up once and kept.

The words are the brand's own where it has some (`vocabulary`)."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask.sansio.app import App
from flask.templating import Environment
from flask_babel import (
    Babel,
    format_datetime,
    format_decimal,
    get_locale,
    get_translations,
    gettext,
    ngettext,
    refresh,
)
from jinja2 import Template, pass_context
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from core.errors import SwingtagError
from retail.brands import vocabulary
from retail.notifications.speech import Speech
from web.translations import OwnWords, translations_of

Refusal = TypeVar("Refusal", bound=SwingtagError)
_SPOKEN = ("en-GB", "en")
_HARMLESS = (int, float, Markup)
# How `{{ _('…') }}` looks to a compiler.
_SHAPE = ("variable_begin", "name", "lparen", "string", "rparen", "variable_end")
# Asked dozens of times for each page, and dearer to ask of the request.
_reader: ContextVar[str | None] = ContextVar("reader", default=None)
_accepts: ContextVar[str] = ContextVar("accepts", default="")


def _moment(at: datetime) -> str:
    return format_datetime(at, "EEEE d MMMM, HH:mm", rebase=False)


# In which notes are put into words.
SPEECH = Speech(gettext, ngettext, format_decimal, _moment)


class Templates(Environment):
    """Flask's own, compiled once for each language and vocabulary, so that words without values are
    plain text.

    Globals are one plain mapping, so that to import a macro costs little. `castings` has the parts
    of pages that are kept for one language and vocabulary.
    """

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, **options)
        self._by_manner: dict[tuple[str, str], Templates] = {}
        self._of_all: Templates | None = None
        self.castings: dict[Hashable, Markup] = {}
        self.add_extension(_PlainWords)

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 (Jinja's own name)
    ) -> Template:
        """The template in the reader's language, and the vocabulary that is spoken."""
        if self._of_all is not None:
            return super().get_template(name, parent, globals)
        manner = (language(), vocabulary.spoken())
        spoken = self._by_manner.get(manner) or self._add(manner)
        return spoken.get_template(name, parent, globals)

    def in_this_vocabulary(self, page: "Page") -> Template:
        """A page of one manner in the one that is spoken now."""
        return (self._of_all or self).get_template(str(page.name))

    def _add(self, manner: tuple[str, str]) -> "Templates":
        templates = self.overlay()
        templates._of_all = self
        templates.castings = {}
        return self._by_manner.setdefault(manner, templates)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; what is added later does not reach templates in use."""
        return {**self.globals, **(d or {})}


class Page(Template):
    """A template that speaks in the vocabulary of the `brand` it is given, or as its reader's."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The page, put together in the brand's own words where it has some."""
        words = getattr(dict(*args, **kwargs).get("brand"), "words", None)
        if words == vocabulary.spoken() or not isinstance(words, str):
            return super().render(*args, **kwargs)
        with vocabulary.speaking(words):
            assert isinstance(self.environment, Templates)
            return self.environment.in_this_vocabulary(self).render(*args, **kwargs)


Templates.template_class = Page


class _PlainWords(Extension):
    """Puts each `{{ _('…') }}` into the text around it, in the language compiled for."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens, with what can be said now as data."""
        waiting: deque[Token] = deque()
        for token in stream:
            waiting.append(token)
            if len(waiting) == len(_SHAPE):
                if tuple(one.type for one in waiting) == _SHAPE and waiting[1].value == "_":
                    yield Token(token.lineno, "data", str(say(waiting[3].value)))
                    waiting.clear()
                else:
                    yield waiting.popleft()
        yield from waiting


class Vocabularies(OwnWords):
    """Messages as the vocabulary that is spoken has them; what it leaves out as the language has.

    So Flask-Babel's own functions speak in it, lazy ones once they are read. Vocabularies are in
    English: a reader of another language gets that one's usual words.
    """

    def get_translations(self) -> Translations | NullTranslations:
        """What is asked for each message now."""
        usual = super().get_translations()
        words = vocabulary.spoken()
        if not words or translations_of(language()):
            return usual
        key = str(get_locale()), f"words:{words}"
        if key not in self.cache:
            own = vocabulary.translations(words)
            own.add_fallback(usual)
            self.cache[key] = own
        return self.cache[key]


class NotCast(LookupError):
    """Words were wanted outside of Flask that nobody has asked Flask for yet."""


class _Babel(Babel):
    @property
    def domain_instance(self) -> Vocabularies:
        return _WORDS


def register(app: Flask) -> None:
    """Let an application speak to each reader in the language that fits best."""
    _Babel(app, locale_selector=lambda: _locale(_reader.get() or _best(_accepted())))
    app.before_request(_listen_to_request)
    app.teardown_request(forget)
    counted = _within_flask(app.jinja_env.globals["ngettext"])
    app.jinja_env.globals.update(_=say, gettext=say, ngettext=counted, picture=vocabulary.picture)


def listen(accepted: str) -> None:
    """Speak to a reader by what their browser accepts, until `forget`."""
    _accepts.set(accepted)
    _reader.set(_best(accepted))


def speak(name: str) -> None:
    """Speak this language to the reader from now on, whatever the browser accepts; an empty one is
    the usual."""
    _reader.set(name or _best(_accepts.get()))
    if has_request_context():
        refresh()


def forget(_: BaseException | None = None) -> None:
    """Speak to nobody in particular, and as usual."""
    _reader.set(None)
    _accepts.set("")
    vocabulary.speak("")


def say(message: str, /, **values: Any) -> Markup:
    """The message in the reader's language, its values escaped and filled in."""
    spoken, words = language(), vocabulary.spoken()
    if not values:
        return _said_plainly(spoken, words, message)
    # As Markup's own `%` does, which is three times as dear.
    safe = {
        name: value if type(value) in _HARMLESS else escape(value) for name, value in values.items()
    }
    return Markup(str.__mod__(_said(spoken, words, message), safe))  # noqa: S704 (values are escaped)


def put_into_words(error: Refusal) -> Refusal:
    """The same refusal, its sentences in the reader's language and vocabulary from now on."""
    error.detail = gettext(error.detail)
    if fields := error.data.get("fields"):
        error.data["fields"] = {name: [*map(gettext, said)] for name, said in fields.items()}
    return error


def language() -> str:
    """The reader's language, as Babel names it."""
    return _reader.get() or str(get_locale() or _SPOKEN[0].replace("-", "_"))


_WORDS = Vocabularies(language)


def _within_flask(counted: Callable[..., Any]) -> Callable[..., Any]:
    """Words by number, which nobody keeps: outside of Flask there would be no translation."""

    @pass_context
    def wrapper(*args: Any, **values: Any) -> Any:
        if not has_request_context():
            raise NotCast("ngettext")
        return counted(*args, **values)

    return wrapper


def _listen_to_request() -> None:
    listen(_accepted())


def _accepted() -> str:
    return str(request.environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=64)
def _best(accepted: str) -> str:
    languages = parse_accept_header(accepted, LanguageAccept)
    return str(languages.best_match(_SPOKEN, default=_SPOKEN[0])).replace("-", "_")


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    return Locale.parse(name)


@lru_cache(maxsize=4096)
def _said_plainly(spoken: str, words: str, message: str) -> Markup:
    values: dict[str, Any] = {}
    return _said(spoken, words, message) % values


@lru_cache(maxsize=4096)
def _said(_: str, __: str, message: str) -> Markup:
    if not has_request_context():
        # Flask-Babel would say that there is no translation, and that would be kept.
        raise NotCast(message)
    # Messages are ours, never a reader's.
    return Markup(get_translations().ugettext(message))  # noqa: S704
