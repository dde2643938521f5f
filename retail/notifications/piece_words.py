"""What notes of goods say. Pure."""

from retail.notifications.speech import NoteFacts, Speech, Wording


def word_sent(facts: NoteFacts, speech: Speech) -> Wording:
    """That a friend sent something, with their line."""
    _ = speech.gettext
    title = _("%(name)s sent you something: %(piece)s", name=facts.name, piece=facts.title)
    return Wording(title, facts.reason or _("Without a line."), _("See it"))


def word_asked(facts: NoteFacts, speech: Speech) -> Wording:
    """That a friend asks, with their words; what it is about stands on the page alone."""
    _ = speech.gettext
    title = _("%(name)s asks what you think", name=facts.name)
    return Wording(title, facts.title or _("Without a line."), _("Answer"))


def word_saved(facts: NoteFacts, speech: Speech) -> Wording:
    """What was kept until today."""
    _ = speech.gettext
    others = facts.count - 1
    title = (
        speech.count(
            "You kept this until today: %(piece)s and %(number)s more",
            "You kept these until today: %(piece)s and %(number)s more",
            others,
            piece=facts.title,
        )
        if others
        else _("You kept this until today: %(piece)s", piece=facts.title)
    )
    return Wording(
        title, _("This is the day you chose. See whether it’s still in stock."), _("See it")
    )
