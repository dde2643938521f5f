"""Versions of what a brand sets, each with who set it and what it changed, as pages list them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class ChangeWords:
    """What changed: its name, what it was and what it became, each where there is one."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Edition:
    """A version; `made_by` is a colleague's id, None for a command."""

    version: int
    made_at: datetime
    made_by: str | None
    changes: Sequence[ChangeWords]


def with_before(
    found: Sequence[T], changed: Callable[[T, T], list[ChangeWords]]
) -> list[tuple[T, list[ChangeWords]]]:
    """Each of a list, the newest first, with what it changed of the one after it there.

    Of the last there is nothing to say.
    """
    pairs = zip_longest(found, found[1:])
    return [(one, changed(before, one) if before is not None else []) for one, before in pairs]
