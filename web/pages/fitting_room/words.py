"""What a room's screen says where something cannot be done, in the language that it speaks."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from core.errors import SwingtagError

_SAID: Mapping[str, Callable[[], str]] = {
    "nothing_left": lambda: _("None is left here just now."),
    "too_many_holds": lambda: _("That’s as much as we can bring at once."),
    "hold_over": lambda: _("That was held for you once. Please call somebody."),
    "room_empty": lambda: _("Nothing is in this room just now."),
    "piece_not_found": lambda: _("This piece isn’t here any more."),
    "room_phone_linked": lambda: _("A phone is linked to this room already."),
    "request_not_found": lambda: _("That isn’t asked for any more."),
    "request_moved_on": lambda: _("That isn’t asked for any more."),
    "too_many_requests": lambda: _("One moment, please. Then touch it again."),
}


def said_of(error: SwingtagError) -> str:
    """One sentence about a refusal."""
    return _SAID.get(error.code, lambda: _("That didn’t work. Please touch it again."))()
