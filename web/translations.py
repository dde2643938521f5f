"""Languages beside English: gettext catalogues by the templates, compiled when first asked for.

A catalogue says what pages for shoppers in a shop say; whatever it leaves out stays English.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask_babel import Domain

FOLDER = Path(__file__).parent.parent / "kiosk_templates" / "languages"
# What a room's screen speaks, by what its session remembers; each in its own words.
ROOM_LANGUAGES = {"": "English", "de": "Deutsch"}


@cache
def translations_of(language: str) -> Translations | None:
    """The catalogue of a language, as Babel names it; None where everything is said in English."""
    path = FOLDER / f"{language}.po"
    if not language.isalpha() or not path.exists():
        return None
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


class OwnWords(Domain):
    """Where Flask-Babel looks for words: our catalogues by the language that is spoken."""

    def __init__(self, spoken: Callable[[], str]) -> None:
        super().__init__()
        self._spoken = spoken

    def get_translations(self) -> Translations:
        """What is said in the language of now."""
        return translations_of(self._spoken()) or super().get_translations()
