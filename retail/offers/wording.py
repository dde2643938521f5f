"""An offer in words; pure. The language is the caller's to bring."""

from retail.notifications.speech import Speech
from retail.offers.rules import PAPER_COLUMNS, OfferFacts, printed


def thanks(facts: OfferFacts, speech: Speech) -> str:
    """Thanks for what was bought, by name where there is one."""
    _ = speech.gettext
    if facts.buyer:
        return _("Thanks for buying %(piece)s, %(name)s.", piece=facts.anchor, name=facts.buyer)
    return _("Thanks for buying %(piece)s.", piece=facts.anchor)


def why(facts: OfferFacts, speech: Speech) -> str:
    """Who has or likes what is offered: a friend, or so many; else only what it goes with."""
    _ = speech.gettext
    if facts.friend:
        return _of_friend(facts, speech)
    if facts.a_friend:
        return _of_a_friend(facts, speech)
    if facts.crowd:
        return speech.count(
            "%(number)s person who bought it also bought %(piece)s.",
            "%(number)s people who bought it also bought %(piece)s.",
            facts.crowd,
            piece=facts.piece,
        )
    return _("It goes with %(piece)s.", piece=facts.piece)


def _of_friend(facts: OfferFacts, speech: Speech) -> str:
    _ = speech.gettext
    about = {"name": facts.friend, "piece": facts.piece}
    if facts.goes_with:
        return _("Your friend %(name)s bought it too, and thinks it goes with %(piece)s.", **about)
    if facts.has_anchor and facts.likes:
        return _("Your friend %(name)s bought it too, and likes a look with %(piece)s.", **about)
    if facts.has_anchor:
        return _("Your friend %(name)s bought it too, and has %(piece)s as well.", **about)
    if facts.likes:
        return _("Your friend %(name)s likes a look with %(piece)s.", **about)
    return _("Your friend %(name)s has %(piece)s.", **about)


def _of_a_friend(facts: OfferFacts, speech: Speech) -> str:
    _ = speech.gettext
    piece = facts.piece
    if facts.has_anchor and facts.likes:
        return _("A friend of yours bought it too, and likes a look with %(piece)s.", piece=piece)
    if facts.has_anchor:
        return _("A friend of yours bought it too, and has %(piece)s as well.", piece=piece)
    if facts.likes:
        return _("A friend of yours likes a look with %(piece)s.", piece=piece)
    return _("A friend of yours has %(piece)s.", piece=piece)


def left(facts: OfferFacts, speech: Speech) -> str:
    """How few are left; empty where that was not counted just now."""
    if not facts.left:
        return ""
    if facts.size:
        return speech.count(
            "%(number)s left here in your size.", "%(number)s left here in your size.", facts.left
        )
    return speech.count("%(number)s left here.", "%(number)s left here.", facts.left)


def deal(facts: OfferFacts, speech: Speech) -> str:
    """What it takes off, and thanks to whom."""
    _ = speech.gettext
    if facts.friend:
        return _(
            "%(percent)s%% off it today, thanks to %(name)s.",
            percent=facts.percent,
            name=facts.friend,
        )
    return _("%(percent)s%% off it today.", percent=facts.percent)


def on_paper(
    facts: OfferFacts, speech: Speech, *, most: int, columns: int = PAPER_COLUMNS
) -> tuple[str, ...]:
    """The offer on so many lines of paper, in whole sentences, or nothing.

    Rewards follow for a friend, so it says first that it is advertising.
    """
    first = speech.gettext("Ad") + ": "
    needed = (why(facts, speech), deal(facts, speech))
    scarce = left(facts, speech)
    attempts = (
        (thanks(facts, speech), needed[0], scarce, needed[1]),
        (needed[0], scarce, needed[1]),
        needed,
    )
    for attempt in attempts:
        sentences = [sentence for sentence in attempt if sentence]
        lines = printed(first + " ".join(sentences), most, columns)
        if lines:
            return lines
    return ()
