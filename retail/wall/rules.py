"""What hangs on a wall: its states, and the reasons why something does not. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from core.errors import Conflict, Invalid

SHOWN, WAITING, HIDDEN = "shown", "waiting", "hidden"
HIDE, SHOW, APPEAL, UNDO = "hide", "show", "appeal", "undo"
VERDICTS = (HIDE, SHOW)
FIRST_LOOK, WORDS = "first_look", "words"
REPORTS_A_DAY = 20
DAY = timedelta(days=1)
NOTE_LENGTH = 200

# Why a person hides a look: each with the one sentence that its owner reads.
REASONS: Mapping[str, str] = {
    "unkind": "Its words could hurt somebody.",
    "rude": "Its words aren’t for a wall that everyone sees.",
    "advert": "It advertises something else than the look.",
    "private": "It gives away something private, like a number or an address.",
    "unclear": "It doesn’t show a look.",
}
# Why a look waits, told the same way.
WAITS: Mapping[str, str] = {
    FIRST_LOOK: "The shop looks at every look before it hangs.",
    WORDS: "Somebody reads its words first.",
}


class State(NamedTuple):
    """Where a post stands, and why where it does not hang."""

    state: str
    reason: str | None


@dataclass(frozen=True)
class Change:
    """What somebody decided about a post that they saw in a certain version."""

    verdict: str
    to: State
    note: str
    expected_version: int


def owners_sentence(state: str, reason: str | None) -> str:
    """What its owner reads about a look that does not hang."""
    return (REASONS if state == HIDDEN else WAITS).get(reason or "", "Somebody looked at it.")


def check_decision(verdict: str, reason: str | None, note: str) -> str:
    """The tidy note. Raises Invalid for an unknown verdict, or for hiding without a reason."""
    problems: dict[str, list[str]] = {}
    tidy = " ".join(note.split())
    if verdict not in VERDICTS:
        problems["verdict"] = ["Hide it or show it."]
    if verdict == HIDE and reason not in REASONS:
        problems["reason"] = ["Say why: its owner reads it."]
    if len(tidy) > NOTE_LENGTH:
        problems["note"] = [f"Keep it to {NOTE_LENGTH} characters."]
    if problems:
        raise Invalid("decision_invalid", "Something is missing.", fields=problems)
    return tidy


def decided_already() -> Conflict:
    """The answer to whoever decides on something that has changed meanwhile."""
    return Conflict("wall_changed", "It has changed since you opened it. Look again, then decide.")


def reports_gate(member_id: str) -> int:
    """The gate through which one member's reports go one by one."""
    digest = hashlib.sha256(f"wall-reports:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
