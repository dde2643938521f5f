"""What notes say of a tier to which somebody rose, or fell. Pure."""

from retail.notifications.speech import NoteFacts, Speech, Wording


def word_tier(facts: NoteFacts, speech: Speech) -> Wording:
    """A rise with what it brings; a fall with what brings the tier before it back."""
    _ = speech.gettext
    see = _("See your tier")
    if facts.state == "down":
        return Wording(_("You’re %(tier)s for now", tier=facts.title), _back(facts, speech), see)
    title = _("You’re %(tier)s now", tier=facts.title)
    if not facts.brings:
        return Wording(title, _("Thank you. Your page says what comes next."), see)
    return Wording(title, _("It brings you: %(names)s.", names=", ".join(facts.brings)), see)


def _back(facts: NoteFacts, speech: Speech) -> str:
    _ = speech.gettext
    if not facts.count:
        return _("%(before)s isn’t far: your page says what brings it back.", before=facts.before)
    way = speech.count(
        "%(number)s credit more brings %(before)s back.",
        "%(number)s credits more bring %(before)s back.",
        facts.count,
        before=facts.before,
    )
    return f"{way} {_('We’d be glad to see you there again.')}"
