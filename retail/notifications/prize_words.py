"""What notes say of prizes, and of points that run out. Pure."""

from retail.notifications.speech import NoteFacts, Speech, Wording


def word_prize(facts: NoteFacts, speech: Speech) -> Wording:
    """A prize that was won, runs out or is gone; or points that run out."""
    _ = speech.gettext
    if facts.state == "ends":
        title = speech.count(
            "%(number)s point runs out soon", "%(number)s points run out soon", facts.count
        )
        return Wording(title, _("Your page says when, and what you have."), _("See your points"))
    see = _("See your prizes")
    if facts.state == "doubted":
        text = _("Some of what won it went back to the shop. We’ll say what becomes of it.")
        return Wording(_("We’re looking at a prize of yours again"), text, see)
    if facts.state == "stands":
        return Wording(_("Your prize stays yours"), _("We looked at it again."), see)
    lost = {
        "withheld": lambda: _("We kept it back: %(reason)s", reason=facts.reason),
        "taken_back": lambda: _("We took it back: %(reason)s", reason=facts.reason),
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
    titles = {
        "voucher": lambda: _("Your voucher runs out soon"),
        "gift": lambda: _("Still yours to collect: %(title)s", title=facts.title),
        "invitation": lambda: _("Still yours to say yes to: %(title)s", title=facts.title),
    }
    return titles[facts.kind]()


def _until(facts: NoteFacts, speech: Speech) -> str:
    _ = speech.gettext
    assert facts.until is not None
    moment = speech.moment(facts.until)
    texts = {
        "voucher": lambda: _("Use it before %(moment)s. It waits with your prizes.", moment=moment),
        "gift": lambda: _(
            "Come for it before %(moment)s. Your prizes have the code.", moment=moment
        ),
        "invitation": lambda: _("Say yes with your prizes before %(moment)s.", moment=moment),
    }
    return texts[facts.kind]()


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
