"""One sentence to say, case by case: from purchases and saved pieces, and for any shop."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from retail.greetings.sentences import SavedHere, Talk, sentence

SIX = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TRENCH = SavedHere("Harbour trench", "12", 3)
CASES: dict[str, tuple[dict[str, object], list[str]]] = {
    "nothing is known": ({}, ["hello", "help"]),
    "here last week": ({"days_away": 7}, ["hello", "again"]),
    "here 59 days ago": ({"days_away": 59}, ["hello", "again"]),
    "away for a while": ({"days_away": 60}, ["hello", "while"]),
    "bought something": ({"days_away": 7, "bought": "Quay top"}, ["hello", "bought"]),
    "bought, elsewhere": ({"days_away": 90, "bought": "Quay top"}, ["hello", "bought"]),
    "saved, and here": ({"saved": TRENCH}, ["hello", "here_in"]),
    "saved, the last one": ({"saved": SavedHere("Trench", "12", 1)}, ["hello", "last_in"]),
    "saved, without a size": ({"saved": SavedHere("Blue Train", "", 4)}, ["hello", "here"]),
    "the last without one": ({"saved": SavedHere("Blue Train", "", 1)}, ["hello", "last"]),
    "saved, and gone": ({"saved": SavedHere("Trench", "12", 0)}, ["hello", "help"]),
    "kept for them": ({"saved": SavedHere("Boots", "5½", 0, SIX)}, ["hello", "kept"]),
    "bought and saved": ({"bought": "Quay top", "saved": TRENCH}, ["hello", "bought", "here_in"]),
    "a while and saved": ({"days_away": 80, "saved": TRENCH}, ["hello", "while", "here_in"]),
    "by title, early": ({"form": "title", "hour": 11}, ["morning", "help"]),
    "by title, at noon": ({"form": "title", "hour": 12}, ["afternoon", "help"]),
    "by title, late": ({"form": "title", "hour": 18}, ["evening", "help"]),
    "by the whole name": ({"form": "full", "hour": 9}, ["morning", "help"]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_to_say(case: str) -> None:
    known, said = CASES[case]
    talk = Talk(**{"called": "Sarah", "form": "first", "hour": 15, **known})  # type: ignore[arg-type]
    parts = sentence(talk)
    assert [part.code for part in parts] == said
    assert parts[0].values == {"name": "Sarah"}


def test_there_is_no_way_in_for_likes_friends_or_places() -> None:
    asked = {"called", "form", "hour", "days_away", "bought", "saved"}
    assert {one.name for one in fields(Talk)} == asked
