"""What notes of offers say: title, text and button. Pure, and without a name."""

from collections.abc import Callable


def words(kind: str, gettext: Callable[[str], str]) -> tuple[str, str, str]:
    """For an offer that was `used` or came `back`, or a friend `thanked` or `unthanked`."""
    _ = gettext
    said = {
        "used": lambda: (
            _("You used your offer"),
            _("If a friend stood on it, they may get a thank-you. They don’t hear from whom."),
            _("See your offers"),
        ),
        "back": lambda: (
            _("Your offer was taken back"),
            _("You brought its piece back, so any thank-you for it is taken back too."),
            _("See your offers"),
        ),
        "thanked": lambda: (
            _("An offer with your name on it was used"),
            _("Thank you: a voucher waits with your prizes."),
            _("See your prizes"),
        ),
        "unthanked": lambda: (
            _("A thank-you was taken back"),
            _("What an offer with your name on it sold has come back."),
            _("See your prizes"),
        ),
    }
    return said[kind]()
