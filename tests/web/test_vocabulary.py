"""A brand in its own words: a pharmacy's shoppers lay out routines, beside a house of looks."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.transaction import Database
from retail.brands.rules import VOCABULARIES
from tests.builders.brands import new_brand, new_store
from tests.builders.visitor import Visitor
from web import vocabulary

TEMPLATES = Path(__file__).parent.parent.parent / "kiosk_templates"
VALUES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def test_a_vocabulary_puts_what_pages_say_into_other_words_and_keeps_their_values() -> None:
    said = "".join(path.read_text() for path in TEMPLATES.rglob("*.html"))
    for name in VOCABULARIES:
        entries = vocabulary.entries(name)
        assert entries, name
        assert [message for message in entries if message not in said] == []
        for message, words in entries.items():
            assert sorted(VALUES.findall(message)) == sorted(VALUES.findall(words))


def test_an_unknown_vocabulary_says_nothing_new() -> None:
    assert vocabulary.entries("") == vocabulary.entries("pirate") == {}


def test_two_brands_speak_each_in_their_own_words(
    db: Database, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        shelf = new_brand(session, slug="shelf", words="routine", coat="rain")
        house = new_brand(session, slug="house")
        for brand in (shelf, house):
            new_store(session, brand=brand, slug="york")
    phone = visit()
    for _ in range(2):
        theirs, ours = phone.open("/b/shelf").text, phone.open("/b/house").text
        assert "Lay out your routine" in theirs
        assert "See the routine league" in theirs
        assert not re.search(r"\b(looks?|stylists?|outfits?|wear)\b", _read(theirs))
        assert 'data-coat="rain"' in theirs
        assert "Lay out your look" in ours
        assert "routine" not in ours
        assert "data-coat" not in ours
    assert "Routine league" in phone.open("/kiosk/shelf/york").text
    assert "Routine league" not in phone.open("/kiosk/house/york").text


def test_a_brand_cannot_speak_or_dress_in_what_nobody_knows(session: Session) -> None:
    with pytest.raises(Invalid):
        new_brand(session, words="pirate")
    with pytest.raises(Invalid):
        new_brand(session, coat="tartan")


def _read(page: str) -> str:
    """What a reader is shown of a page."""
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page.split("<body", 1)[1])
    return re.sub(r"<[^>]*>", " ", body).lower()
