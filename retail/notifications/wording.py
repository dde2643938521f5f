"""What a note says, as text for every channel; pure. The language is the caller's to bring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from retail.consent.rules import (
    FRIENDS_NEWS,
    LEAGUE_NEWS,
    LIKES_NEWS,
    PRIZES_NEWS,
    RANGES_NEWS,
)


class Gettext(Protocol):
    """A message in the reader's language, its values filled in."""

    def __call__(self, message: str, /, **values: Any) -> str: ...


class Ngettext(Protocol):
    """As `Gettext`, for one or for many of something."""

    def __call__(self, singular: str, plural: str, num: int, /, **values: Any) -> str: ...


@dataclass(frozen=True)
class NoteFacts:
    """What there is to tell just now. `name` is empty unless its owner agreed to be named.

    `address` is a path of ours; `count` how many did it, came, or one's rank.
    """

    purpose: str
    brand_name: str
    address: str
    title: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    count: int = 0
    cadence: str = ""


@dataclass(frozen=True)
class Wording:
    """A note in words. They may name people and never enter a log."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    action: str


def word(facts: NoteFacts, _: Gettext, ngettext: Ngettext) -> Wording:
    """The note in words."""
    wordings: Mapping[str, Callable[[], Wording]] = {
        LIKES_NEWS: lambda: _likes(facts, _, ngettext),
        LEAGUE_NEWS: lambda: _league(facts, _),
        PRIZES_NEWS: lambda: _prize(_),
        FRIENDS_NEWS: lambda: _friend(_),
        RANGES_NEWS: lambda: _ranges(facts, _, ngettext),
    }
    return wordings[facts.purpose]()


def _likes(facts: NoteFacts, _: Gettext, ngettext: Ngettext) -> Wording:
    others = facts.count - 1
    if not facts.name:
        title = ngettext("Somebody likes your look", "%(num)s people like your look", facts.count)
    elif others:
        title = ngettext(
            "%(name)s and %(num)s other like your look",
            "%(name)s and %(num)s others like your look",
            others,
            name=facts.name,
        )
    else:
        title = _("%(name)s likes your look", name=facts.name)
    text = facts.title or _("The one without words.")
    return Wording(title, text, _("See the look"))


def _league(facts: NoteFacts, _: Gettext) -> Wording:
    place = facts.title or _("all stores")
    title = (
        _("The month’s league has closed")
        if facts.cadence == "month"
        else _("The week’s league has closed")
    )
    text = _("You came in at number %(rank)s, in %(place)s.", rank=facts.count, place=place)
    return Wording(title, text, _("See the league"))


def _prize(_: Gettext) -> Wording:
    text = _("It waits with your prizes, and says there until when.")
    return Wording(_("You’ve won something"), text, _("See your prizes"))


def _friend(_: Gettext) -> Wording:
    text = _("You’re friends now. What you see of each other is up to each of you.")
    return Wording(_("Your invitation was accepted"), text, _("Open your page"))


def _ranges(facts: NoteFacts, _: Gettext, ngettext: Ngettext) -> Wording:
    title = ngettext(
        "New in: %(name)s",
        "New in: %(name)s and more, %(num)s pieces",
        facts.count,
        name=facts.title,
    )
    text = _("From the categories you picked. Lay out a look with one of them?")
    return Wording(title, text, _("See what’s new"))
