"""A brand in its own words: a pharmacy's shoppers lay out routines, beside a house of looks."""

import json
import re
from collections.abc import Callable, Iterable, Mapping

import pytest
from sqlalchemy.orm import Session

from core.errors import Invalid
from core.transaction import Database
from retail.brands import vocabulary
from retail.brands.rules import VOCABULARIES
from tests.builders.accounts import sign_in
from tests.builders.brands import new_brand, new_store
from tests.builders.clothing import (
    clothing_in,
    is_sentence,
    said_by_code,
    said_by_templates,
    symbol_in_words,
    symbols,
)
from tests.builders.outfits import new_outfit, new_stylist
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.builders.visitor import Visitor

ROOMS = ("retail", "loyalty", "web", "jobs", "core", "connectors")
# What builders and operators of an installation read, for all its shops: no shop's people do.
FOR_OPERATORS = ("jobs/commands/", "jobs/doctor/", "retail/own_data/claims.py", "/models.py")
FOR_OPERATORS += ("retail/staff/roles.py", "web/headers.py")
VALUES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A message, or both of one for one and for many."""
    return (text,) if isinstance(text, str) else tuple(text)


def entries(name: str) -> dict[str, str]:
    """What a vocabulary says, by the usual words."""
    return {
        usual: own
        for one in vocabulary.catalogue(name)
        if one.id and not one.context
        for usual, own in zip(forms(one.id), forms(one.string), strict=True)
    }


def in_usual_words(said: Iterable[tuple[str, str]], known: Mapping[str, str]) -> list[str]:
    """What speaks of clothes and has no other words, but for what operators read."""
    return [
        f"{where}: {text}"
        for where, text in said
        if clothing_in(text)
        and text not in known
        and not any(map(where.__contains__, FOR_OPERATORS))
    ]


@pytest.fixture(scope="module")
def said() -> list[tuple[str, str]]:
    """All that code and templates say."""
    return [*said_by_code(ROOMS), *said_by_templates()]


def test_a_vocabulary_puts_what_is_said_into_other_words_and_keeps_their_values(
    said: list[tuple[str, str]],
) -> None:
    texts = {text for _, text in said}
    # The title of a refusal is its code.
    known = texts | {text.replace("_", " ").capitalize() for text in texts}
    for name in VOCABULARIES:
        assert entries(name), name
        assert [message for message in entries(name) if message not in known] == []
        for message, words in entries(name).items():
            assert sorted(VALUES.findall(message)) == sorted(VALUES.findall(words))
            assert not clothing_in(words), words


def test_whatever_speaks_of_clothes_has_other_words(said: list[tuple[str, str]]) -> None:
    sentences = [(where, text) for where, text in said if is_sentence(text)]
    for name in VOCABULARIES:
        assert in_usual_words(sentences, entries(name)) == []
        planted = [("retail/consent/rules.py", "Wear it with your name on it.")]
        assert in_usual_words(planted, entries(name)), "a planted sentence was passed over"


def test_whatever_pictures_clothes_has_another_picture() -> None:
    clothes = [one for one in symbols() if clothing_in(symbol_in_words(one))]
    assert {"coat-hanger-bold", "t-shirt-bold"} <= set(clothes)
    for name in VOCABULARIES:
        with vocabulary.speaking(name):
            shown = {one: vocabulary.picture(one) for one in symbols()}
        assert set(shown.values()) <= set(symbols()) - set(clothes)
        assert {one for one in shown if shown[one] != one} == set(clothes)
    assert [vocabulary.picture(one) for one in clothes] == clothes


def symbols_on(page: Visitor) -> list[str]:
    """What the entries of a menu show, without their arrows."""
    return re.findall(r"<a [^>]*href[^>]*><svg[^>]*><use href=\"[^\"]*#i-([a-z-]+)", page.text)


@pytest.mark.parametrize("address", ["/me", "/staff"])
def test_another_picture_is_no_second_one_of_a_kind_on_a_menu(
    db: Database, visit: Callable[[], Visitor], address: str
) -> None:
    kinds = []
    for words in ("", *VOCABULARIES):
        with db.write() as session:
            store = new_store(session, brand=new_brand(session, words=words))
            member = sign_in(session, new_stylist(session, store.brand_id))
            colleague = sign_in_staff(session, new_staff(session, store.brand_id))
        page = visit().sign_in(member) if address == "/me" else visit()
        found = symbols_on(page.sign_in(colleague, cookie=COOKIE).open(address))
        assert len(found) > 10
        kinds.append(len(set(found)))
    assert len(set(kinds)) == 1, "two things look the same that did not in the usual words"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Your look hangs, with a piece that you wear", {"look", "piece", "wear"}),
        ("Try it on in a fitting room", {"try it on", "fitting room"}),
        ("Look at it, look again, and take another look. %(piece)s looks like it", set()),
    ],
)
def test_clothes_are_told_from_what_eyes_do(text: str, found: set[str]) -> None:
    assert clothing_in(text) == found


def test_an_unknown_vocabulary_says_nothing_new() -> None:
    assert entries("") == entries("pirate") == {}


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


def test_refusals_consents_and_messages_speak_in_the_words_of_their_reader(
    db: Database, visit: Callable[[], Visitor]
) -> None:
    with db.write() as session:
        store = new_store(session, brand=new_brand(session, words="routine"))
        member = new_stylist(session, store.brand_id)
        look, _ = (new_outfit(session, store, member=member) for _ in range(2))
        token = sign_in(session, member)
    phone, program = visit().sign_in(token), visit().client
    as_member = {"Authorization": f"Bearer {token}"}
    refused = program.put(f"/api/v1/outfits/{look}/like", headers=as_member).get_json()
    assert refused["detail"] == "This routine is yours. Likes come from others."
    consents = program.get("/api/v1/me/consents", headers=as_member).get_json()
    assert "Routines for everyone" in [one["title"] for one in consents]
    assert clothing_in(json.dumps([[one["title"], one["sentence"]] for one in consents])) == set()
    phone.open("/me/polls/new").send("/me/polls/new", looks=look)
    assert "Choose two routines." in phone.text


def test_a_brand_cannot_speak_or_dress_in_what_nobody_knows(session: Session) -> None:
    with pytest.raises(Invalid):
        new_brand(session, words="pirate")
    with pytest.raises(Invalid):
        new_brand(session, coat="tartan")


def _read(page: str) -> str:
    """What a reader is shown of a page."""
    body = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page.split("<body", 1)[1])
    return re.sub(r"<[^>]*>", " ", body).lower()
