"""What a check finds, and what it is given to look at. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core.config import Settings
from core.transaction import Database

OK, LOOK, BROKEN = "ok", "look", "broken"
EXIT_CODES = {OK: 0, LOOK: 1, BROKEN: 2}


@dataclass(frozen=True)
class Finding:
    """How one thing is, in a sentence, and what to do about it where it is not well."""

    state: str
    says: str
    todo: str = ""


@dataclass(frozen=True)
class Patient:
    """The installation: what it was told, and its database."""

    settings: Settings
    database: Database


@dataclass(frozen=True)
class Check:
    """One thing to look at. `asks_database` says that without a database it has no answer."""

    name: str
    look: Callable[[Patient], Finding]
    asks_database: bool = True


def well(says: str) -> Finding:
    """Nothing to do."""
    return Finding(OK, says)


def look(says: str, todo: str) -> Finding:
    """Somebody should look at it; it works for now."""
    return Finding(LOOK, says, todo)


def broken(says: str, todo: str) -> Finding:
    """Something does not work."""
    return Finding(BROKEN, says, todo)


def in_words(span: timedelta) -> str:
    """A span as people say it: `3 days`, `40 minutes`."""
    seconds = max(0, int(span.total_seconds()))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= 2 * size or size == 1:
            count = seconds // size
            return f"{count} {unit}" + ("" if count == 1 else "s")
    return ""
