"""What there is to tell and the language to tell it in; pure, and the words are made elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


class Gettext(Protocol):
    """A message in the reader's language, its values filled in."""

    def __call__(self, message: str, /, **values: Any) -> str: ...


class Ngettext(Protocol):
    """As `Gettext`, for one or for many of something."""

    def __call__(self, singular: str, plural: str, num: int, /, **values: Any) -> str: ...


@dataclass(frozen=True)
class Speech:
    """A reader's language: messages, for one or many, whole numbers, and instants of a clock."""

    gettext: Gettext
    ngettext: Ngettext
    number: Callable[[int], str]
    moment: Callable[[datetime], str]

    def count(self, one: str, many: str, count: int, **values: Any) -> str:
        """A message for so many, which stand in it as `number` with their thousands set apart."""
        return self.ngettext(one, many, count, number=self.number(count), **values)


@dataclass(frozen=True)
class NoteFacts:
    """What there is to tell just now. `name` is empty unless its owner agreed to be named.

    `address` is a path of ours; `count` how many did it, came, or one's rank. `kind` and `state`
    say what sort of prize, board or decision it is and how that stands; `reason` was given for it.
    `until` is when it runs out, excluded, by the brand's clock, where that is what is told.
    `before` is the tier that was left, and `brings` names what a tier brings.
    """

    purpose: str
    brand_name: str
    address: str
    title: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    count: int = 0
    cadence: str = ""
    kind: str = ""
    state: str = ""
    is_passed_on: bool = False
    reason: str = field(default="", repr=False)
    until: datetime | None = None
    before: str = ""
    brings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """A note in words. They may name people and never enter a log."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    action: str
