"""What a note says, as text for every channel; pure. The language is the caller's to bring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from retail.consent.rules import (
    DECISIONS_NEWS,
    FRIENDS_NEWS,
    LEAGUE_NEWS,
    LIKES_NEWS,
    OFFERS_NEWS,
    POLLS_NEWS,
    PRIZES_NEWS,
    RANGES_NEWS,
    RESULTS_NEWS,
)
from retail.notifications import offers


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


@dataclass(frozen=True)
class Wording:
    """A note in words. They may name people and never enter a log."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    action: str


def word(facts: NoteFacts, speech: Speech) -> Wording:
    """The note in words."""
    wordings: Mapping[str, Callable[[], Wording]] = {
        LIKES_NEWS: lambda: _likes(facts, speech),
        LEAGUE_NEWS: lambda: _league(facts, speech),
        PRIZES_NEWS: lambda: _prize(facts, speech),
        FRIENDS_NEWS: lambda: _friend(facts, speech),
        DECISIONS_NEWS: lambda: DECISIONS[facts.kind](facts, speech),
        RANGES_NEWS: lambda: _ranges(facts, speech),
        POLLS_NEWS: lambda: _polls(facts, speech),
        RESULTS_NEWS: lambda: _result(facts, speech),
        OFFERS_NEWS: lambda: Wording(*offers.words(facts.kind, speech.gettext)),
    }
    return wordings[facts.purpose]()


def _likes(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    others = facts.count - 1
    if not facts.name:
        title = speech.count(
            "Somebody likes your look", "%(number)s people like your look", facts.count
        )
    elif others:
        title = speech.count(
            "%(name)s and %(number)s other like your look",
            "%(name)s and %(number)s others like your look",
            others,
            name=facts.name,
        )
    else:
        title = _("%(name)s likes your look", name=facts.name)
    return Wording(title, facts.title or _("The one without words."), _("See the look"))


def _league(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    place = facts.title or _("all stores")
    title = (
        _("The month’s league has closed")
        if facts.cadence == "month"
        else _("The week’s league has closed")
    )
    text = (
        _(
            "Your look came in at number %(rank)s, in %(place)s.",
            rank=speech.number(facts.count),
            place=place,
        )
        if facts.kind == "outfits"
        else _(
            "You came in at number %(rank)s, in %(place)s.",
            rank=speech.number(facts.count),
            place=place,
        )
    )
    return Wording(title, text, _("See the league"))


def _prize(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    if facts.state == "ends":
        title = speech.count(
            "%(number)s point runs out soon", "%(number)s points run out soon", facts.count
        )
        return Wording(title, _("Your page says when, and what you have."), _("See your points"))
    see = _("See your prizes")
    lost = {
        "withheld": lambda: _("We kept it back: %(reason)s", reason=facts.reason),
        "passed_on": lambda: _("Nobody came for it in time, so it went to the next in line."),
        "expired": lambda: _("Its time is over, and nobody came for it."),
    }
    if facts.state in lost:
        return Wording(_("A prize of yours is gone"), lost[facts.state](), see)
    if facts.until:
        return Wording(_ending(facts, speech), _until(facts, speech), see)
    won = {
        "points": lambda: speech.count(
            "You’ve won %(number)s point", "You’ve won %(number)s points", facts.count
        ),
        "voucher": lambda: _("You’ve won a voucher"),
        "gift": lambda: _("You’ve won: %(title)s", title=facts.title),
        "invitation": lambda: _("You’re invited: %(title)s", title=facts.title),
    }
    return Wording(won[facts.kind](), _what_next(facts, speech), see)


def _ending(facts: NoteFacts, speech: Speech) -> str:
    _ = speech.gettext
    return {
        "voucher": lambda: _("Your voucher runs out soon"),
        "gift": lambda: _("Still yours to collect: %(title)s", title=facts.title),
        "invitation": lambda: _("Still yours to say yes to: %(title)s", title=facts.title),
    }[facts.kind]()


def _until(facts: NoteFacts, speech: Speech) -> str:
    _ = speech.gettext
    assert facts.until is not None
    moment = speech.moment(facts.until)
    return {
        "voucher": lambda: _("Use it before %(moment)s. It waits with your prizes.", moment=moment),
        "gift": lambda: _(
            "Come for it before %(moment)s. Your prizes have the code.", moment=moment
        ),
        "invitation": lambda: _("Say yes with your prizes before %(moment)s.", moment=moment),
    }[facts.kind]()


def _what_next(facts: NoteFacts, speech: Speech) -> str:
    _ = speech.gettext
    words = {
        ("points", "given"): lambda: _("They’re yours already."),
        ("voucher", "given"): lambda: _("It waits with your prizes, and says there until when."),
        ("gift", "open"): lambda: _("It’s ready to collect. Your prizes say until when."),
        ("gift", "collected"): lambda: _("You’ve collected it. Enjoy."),
        ("invitation", "open"): lambda: _("Say yes with your prizes. They say until when."),
        ("invitation", "accepted"): lambda: _("You said yes. See you there."),
    }
    said = words[facts.kind, facts.state]()
    if facts.is_passed_on:
        return _("Whoever won it before you didn’t come. %(what_next)s", what_next=said)
    return said


def _friend(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    title = (
        _("%(name)s accepted your invitation", name=facts.name)
        if facts.name
        else _("Your invitation was accepted")
    )
    if not facts.name:
        return Wording(title, _("Your page shows whose friend you are."), _("See your friends"))
    text = _("You’re friends now. What you see of each other is up to each of you.")
    return Wording(title, text, _("See your friends"))


def _case(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    if facts.state == "removed":
        title = speech.count(
            "%(number)s like doesn’t count", "%(number)s likes don’t count", facts.count
        )
        return Wording(title, _("Why: %(reason)s", reason=facts.reason), _("Read it, or ask again"))
    title = speech.count(
        "%(number)s like was checked and counts",
        "%(number)s likes were checked and count",
        facts.count,
    )
    return Wording(title, facts.reason, _("Read it"))


def _appeal(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    title = (
        _("We looked again: your likes count")
        if facts.state == "upheld"
        else _("We looked again, and it stays as it was")
    )
    return Wording(title, facts.reason, _("Read it"))


def _wall(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    if facts.state == "shown":
        text = facts.title or _("The one without words.")
        return Wording(_("Your look hangs on the wall"), text, _("See the look"))
    title, then = {
        "waiting": (_("Your look isn’t on the wall yet"), _("Until then nobody but you sees it.")),
        "hidden": (_("Your look is off the wall"), _("You can ask for another look.")),
        "stays": (_("Your look stays off the wall"), _("Somebody looked at it again.")),
    }[facts.state]
    return Wording(title, f"{_(facts.reason)} {then}", _("See what happened"))


DECISIONS: Mapping[str, Callable[[NoteFacts, Speech], Wording]] = {
    "case": _case,
    "appeal": _appeal,
    "wall": _wall,
}


def _ranges(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    title = speech.count(
        "New in: %(name)s",
        "New in: %(name)s and more, %(number)s pieces",
        facts.count,
        name=facts.title,
    )
    text = _("From the categories you picked. Lay out a look with one of them?")
    return Wording(title, text, _("See what’s new"))


def _polls(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    others = facts.count - 1
    if others:
        title = speech.count(
            "%(name)s asks which of two, and there is %(number)s more",
            "%(name)s asks which of two, and there are %(number)s more",
            others,
            name=facts.name,
        )
        return Wording(title, facts.title, _("See the polls"))
    title = _("%(name)s asks which of two", name=facts.name)
    return Wording(title, facts.title or _("Which of these two?"), _("See both, and vote"))


def _result(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    titles: Mapping[str, Callable[[], str]] = {
        "first": lambda: _("Number %(n)s it is", n=1),
        "second": lambda: _("Number %(n)s it is", n=2),
        "level": lambda: _("Your poll ended level"),
        "untold": lambda: _("Your poll has closed"),
    }
    votes = speech.count("%(number)s vote", "%(number)s votes", facts.count)
    text = f"{facts.title or _('Which of these two?')} {votes}."
    return Wording(titles[facts.state](), text, _("See the result"))
