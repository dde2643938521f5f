"""A brand's own words: what shoppers lay out is a look, unless its vocabulary says otherwise.

A vocabulary is a gettext catalogue beside the templates. Whatever it leaves out is said as to
everybody else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

USUAL = "usual"
FOLDER = Path(__file__).parents[2] / "kiosk_templates" / "words"
_spoken: ContextVar[str] = ContextVar("vocabulary", default="")


def spoken() -> str:
    """The name of the vocabulary that is spoken now; empty for the usual one."""
    return _spoken.get()


def speak(name: str) -> None:
    """Speak in a vocabulary from now on, to whom this thread or task answers."""
    _spoken.set(name)


class Reader(Protocol):
    """Somebody or something known to ask."""

    @property
    def words(self) -> str:
        """The vocabulary of their brand."""


def speak_to(reader: Reader | None) -> None:
    """Speak as the reader's brand does, where one is known."""
    if reader is not None:
        speak(reader.words)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak in a vocabulary for the length of a block."""
    before = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def catalogue(name: str) -> Catalog:
    """What a vocabulary says, by the usual words; nothing for a name that it does not know."""
    path = FOLDER / f"{name}.po"
    if not name or not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)


def said(message: str, name: str, *, context: str | None = None) -> str | None:
    """What a vocabulary says for a message without values, else the usual one; None for neither."""
    entries = (catalogue(each).get(message, context) for each in (name, USUAL))
    return next((str(entry.string) for entry in entries if entry and entry.string), None)


def picture(symbol: str) -> str:
    """The symbol that the vocabulary spoken now shows in a symbol's place; else the same one."""
    return _picture(symbol, spoken())


# Dozens stand on each page.
@cache
def _picture(symbol: str, name: str) -> str:
    return said(symbol, name, context="picture") or symbol


def translations(name: str) -> Translations:
    """The same as gettext asks for it; new each time, so that a fallback may be put behind it."""
    file = BytesIO()
    write_mo(file, catalogue(name))
    file.seek(0)
    return Translations(file)
