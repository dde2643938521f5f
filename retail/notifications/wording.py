"""What a note says, as text for every channel; pure. The language is the caller's to bring."""

from collections.abc import Callable, Mapping

from retail.consent.rules import (
    DECISIONS_NEWS,
    FRIENDS_NEWS,
    HOLDS_NEWS,
    LEAGUE_NEWS,
    LIKES_NEWS,
    OCCASIONS_NEWS,
    OFFERS_NEWS,
    OPINIONS_NEWS,
    POLLS_NEWS,
    PRIZES_NEWS,
    RANGES_NEWS,
    RESULTS_NEWS,
    SAVED_NEWS,
    SENT_NEWS,
    TIERS_NEWS,
)
from retail.notifications import offers
from retail.notifications.decision_words import word_decision
from retail.notifications.occasion_words import word_occasion
from retail.notifications.piece_words import word_asked, word_saved, word_sent
from retail.notifications.prize_words import word_prize
from retail.notifications.speech import NoteFacts, Speech, Wording
from retail.notifications.tier_words import word_tier


def word(facts: NoteFacts, speech: Speech) -> Wording:
    """The note in words."""
    wordings: Mapping[str, Callable[[], Wording]] = {
        LIKES_NEWS: lambda: _likes(facts, speech),
        LEAGUE_NEWS: lambda: _league(facts, speech),
        PRIZES_NEWS: lambda: word_prize(facts, speech),
        TIERS_NEWS: lambda: word_tier(facts, speech),
        FRIENDS_NEWS: lambda: _friend(facts, speech),
        DECISIONS_NEWS: lambda: word_decision(facts, speech),
        RANGES_NEWS: lambda: _ranges(facts, speech),
        POLLS_NEWS: lambda: _polls(facts, speech),
        RESULTS_NEWS: lambda: _result(facts, speech),
        HOLDS_NEWS: lambda: _hold_gone(facts, speech),
        OCCASIONS_NEWS: lambda: word_occasion(facts, speech),
        SENT_NEWS: lambda: word_sent(facts, speech),
        SAVED_NEWS: lambda: word_saved(facts, speech),
        OPINIONS_NEWS: lambda: word_asked(facts, speech),
        OFFERS_NEWS: lambda: Wording(*offers.words(facts.kind, speech.gettext)),
    }
    return wordings[facts.purpose]()


def _hold_gone(facts: NoteFacts, speech: Speech) -> Wording:
    _ = speech.gettext
    return Wording(
        _("%(piece)s isn’t there any more", piece=facts.title),
        _("We’re sorry: the store has fewer than we thought, so we can’t hold it for you."),
        _("See your offers"),
    )


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
