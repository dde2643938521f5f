"""A brand's own words: what shoppers lay out is a look, unless its vocabulary says otherwise.

A vocabulary is a gettext catalogue beside the templates. Whatever it leaves out is said as to
everybody else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "kiosk_templates" / "words"
_spoken: ContextVar[str] = ContextVar("vocabulary", default="")


def spoken() -> str:
    """The name of the vocabulary that is spoken now; empty for the usual one."""
    return _spoken.get()


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Speak in a vocabulary for the length of a block."""
    before = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def entries(name: str) -> Mapping[str, str]:
    """What a vocabulary says, by the usual words; nothing for a name that it does not know."""
    path = FOLDER / f"{name}.po"
    if not name or not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}
