"""The room's screen speaks German wholly, as its catalogue says, and English otherwise."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, meta
from jinja2.ext import babel_extract

from tests.builders.floor import epc_of
from tests.builders.rooms import Room, new_room
from tests.conftest import ROOT
from web.translations import FOLDER, ROOM_LANGUAGES

TEMPLATES = ROOT / "kiosk_templates"
PAGES = ROOT / "web" / "pages" / "fitting_room"
CALLED = {"_": None, "gettext": None, "say": None, "ngettext": (1, 2)}
VALUES = re.compile(r"%\((\w+)\)s")


def words_of(templates: Path, pages: Path) -> set[str]:
    """Every sentence that a template of the room, or one that it stands on, or its code says."""
    found = set()
    for path in reached(templates):
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, tuple(CALLED), [], {}):
                found.add(message if isinstance(message, str) else message[0])
    for code in pages.glob("*.py"):
        for _, message, _, _ in extract_from_file("python", code, keywords=CALLED):
            found.add(message if isinstance(message, str) else message[0])
    return found


def reached(templates: Path) -> Iterator[Path]:
    waiting, seen = sorted(templates.glob("fitting_room/*.html")), set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            yield path
            names = meta.find_referenced_templates(Environment().parse(path.read_text()))
            waiting += [templates / name for name in names if name]


def translated(language: str) -> dict[str, tuple[list[str], list[str]]]:
    """By the sentence: it and its plural, and both as the language says them."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        entries = [one for one in read_po(file, locale=language) if one.id and not one.fuzzy]
    both = [(several(one.id), several(one.string)) for one in entries]
    return {said[0]: (said, strings) for said, strings in both if all(strings)}


def several(words: Any) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


@pytest.mark.parametrize("language", [code for code in ROOM_LANGUAGES if code])
def test_every_sentence_of_the_room_is_translated_with_its_values(language: str) -> None:
    said, known = words_of(TEMPLATES, PAGES), translated(language)
    assert said - known.keys() == set()
    assert known.keys() - said == set(), "nobody says these any more"
    for message, (both, strings) in known.items():
        assert values(strings) == values(both), message


def test_a_sentence_without_a_translation_is_found(tmp_path: Path) -> None:
    """The control: one planted in a template that the room's stands on, one in its code."""
    (tmp_path / "fitting_room").mkdir()
    (tmp_path / "fitting_room" / "a.html").write_text('{% include "b.html" %}')
    (tmp_path / "b.html").write_text("{{ _('A planted sentence') }}{{ ngettext('one', 'two', 2) }}")
    (tmp_path / "c.py").write_text("said = _('Another one')")
    found = words_of(tmp_path, tmp_path)
    assert found == {"A planted sentence", "one", "Another one"}
    assert not found & translated("de").keys()


def values(sentences: list[str]) -> set[str]:
    return {value for one in sentences for value in VALUES.findall(one)}


@pytest.fixture
def room(app: Flask) -> Room:
    return new_room(app)


def test_a_language_is_chosen_on_the_empty_screen_and_forgotten_with_the_session(
    room: Room,
) -> None:
    page = room.touch("language", language="de").text
    assert "Bringen Sie etwas herein." in page
    assert '<html lang="de"' in page
    room.read(epc_of(room.floor.trench_10))
    page = room.shows()
    for words in (
        "Größe 10",
        "3 da",
        "Entworfen von Ines Marlow",
        'lang="en-GB">camel',
    ):
        assert words in page, words
    assert "Dieses Teil ist nicht mehr hier." in room.touch("ask", variant_id="0" * 26).text
    assert "Alles gelöscht." in room.touch("end").text
    assert "Bring something in." in room.shows()
    assert '<html lang="en-GB"' in room.shows()
    assert room.touch("language", language="tlh").status == 422
