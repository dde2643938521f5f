"""What a greeting card says, in words."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import format_timedelta
from flask_babel import gettext as _

from retail.greetings.sentences import Part
from retail.journeys.floor.saved_here import ShownPiece
from web.pages.formats import clock_time


def spoken(parts: tuple[Part, ...], zone: str) -> str:
    """A sentence to say, from its parts."""
    return " ".join(str(_words_of(part, zone)) for part in parts)


def _words_of(part: Part, zone: str) -> str:
    said: Mapping[str, Any] = part.values
    if part.code == "kept":
        said = {**said, "until": clock_time(said["until"], zone)}
    return {
        "hello": lambda: _("Hello %(name)s.", **said),
        "morning": lambda: _("Good morning, %(name)s.", **said),
        "afternoon": lambda: _("Good afternoon, %(name)s.", **said),
        "evening": lambda: _("Good evening, %(name)s.", **said),
        "while": lambda: _("We haven’t seen you for a while."),
        "bought": lambda: _("I hope you’re happy with the %(piece)s.", **said),
        "kept": lambda: _("We’re keeping the %(piece)s for you until %(until)s.", **said),
        "here": lambda: _("We have the %(piece)s that you saved.", **said),
        "here_in": lambda: _("We have the %(piece)s that you saved, in %(size)s.", **said),
        "last": lambda: _("There’s one left of the %(piece)s that you saved.", **said),
        "last_in": lambda: _(
            "There’s one left of the %(piece)s that you saved, in %(size)s.", **said
        ),
        "again": lambda: _("Good to see you again."),
        "help": lambda: _("Just ask if I can help."),
    }[part.code]()


def how_long_ago(days: int) -> str:
    """How many days ago somebody was here, in words."""
    if days == 1:
        return str(_("Yesterday"))
    ago = format_timedelta(timedelta(days=days), granularity="day", threshold=1.5)
    return str(_("%(time)s ago", time=ago))


def stock_words(piece: ShownPiece, zone: str) -> str:
    """What the store has of a saved piece."""
    about = {"size": piece.variant.size, "left": piece.left, "store": piece.elsewhere}
    if piece.kept_until is not None:
        return str(_("Held for them until %(time)s", time=clock_time(piece.kept_until, zone)))
    return str(
        {
            "here": lambda: _("%(left)s in %(size)s here", **about),
            "here_": lambda: _("%(left)s here", **about),
            "last": lambda: _("Last one here, in %(size)s", **about),
            "last_": lambda: _("Last one here"),
            "elsewhere": lambda: _("None here. %(left)s at %(store)s", **about),
            "none": lambda: _("None left"),
            "unknown": lambda: _("Not counted just now"),
        }[_shade(piece)]()
    )


def _shade(piece: ShownPiece) -> str:
    """The state; of goods without sizes, with a mark that tells so."""
    is_sizeless = piece.state in ("here", "last") and not piece.variant.size
    return f"{piece.state}_" if is_sizeless else piece.state
