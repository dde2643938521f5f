"""What a note of an occasion says. Pure."""

from retail.notifications.speech import NoteFacts, Speech, Wording


def word_occasion(facts: NoteFacts, speech: Speech) -> Wording:
    """That a friend asks, that she plans the same, or that both are twins in it."""
    _ = speech.gettext
    if facts.kind == "invited":
        title = _("%(name)s asks you to come", name=facts.name)
        return Wording(title, facts.title, _("Say whether you come"))
    if facts.kind == "twins":
        title = _("%(name)s and you are twins", name=facts.name)
        text = _("Both of you wear the %(piece)s, on purpose.", piece=facts.reason)
        return Wording(title, f"{facts.title}. {text}", _("See the occasion"))
    title = _("Snap! %(name)s plans the %(piece)s too", name=facts.name, piece=facts.reason)
    text = _("Swap a piece, or twin.")
    return Wording(title, f"{facts.title}. {text}", _("Swap or twin"))
