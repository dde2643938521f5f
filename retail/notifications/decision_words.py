"""What notes say of what was decided: on likes, on appeals, on looks for the wall. Pure."""

from collections.abc import Callable, Mapping

from retail.notifications.speech import NoteFacts, Speech, Wording


def word_decision(facts: NoteFacts, speech: Speech) -> Wording:
    """A decision with its reason."""
    return _DECISIONS[facts.kind](facts, speech)


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


_DECISIONS: Mapping[str, Callable[[NoteFacts, Speech], Wording]] = {
    "case": _case,
    "appeal": _appeal,
    "wall": _wall,
}
