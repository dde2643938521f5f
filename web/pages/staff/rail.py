"""The rail of staff pages: what somebody may open, under a heading for each kind of work.

Who may open little sees all of it at once; for others only the kind that they are at is unfolded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from web.pages.staff.sections import Section

# As many as stand one below another on a tablet without scrolling.
FEW = 10
# Every section has its place in one of these; within one they keep their own order.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("In the shop"), ("till", "greetings", "holds", "requests", "gifts", "members")),
    (_("The wall"), ("wall", "wall_rules", "reviews", "prizes")),
    (_("Campaigns"), ("campaigns", "experiments", "budgets", "offers", "vouchers", "recommender")),
    (_("Points"), ("points", "tiers", "rewards", "liability")),
    (_("Results"), ("engagement", "influencers", "request_times")),
    (_("Set up"), ("team", "devices", "webhooks")),
)


@dataclass(frozen=True)
class Group:
    """A kind of work with what of it somebody may open; without a word it is all there is."""

    word: Any
    sections: tuple[Section, ...]
    is_open: bool


def rail(sections: Sequence[Section], current: str) -> tuple[Group, ...]:
    """The sections by kinds of work, that of the current one unfolded, else the first."""
    if len(sections) <= FEW:
        return (Group("", tuple(sections), is_open=True),)
    found = [
        (word, tuple(section for section in sections if section.name in names))
        for word, names in GROUPS
    ]
    found = [(word, mine) for word, mine in found if mine]
    at = next((n for n, (_word, mine) in enumerate(found) if _has(mine, current)), 0)
    return tuple(Group(word, mine, n == at) for n, (word, mine) in enumerate(found))


def _has(sections: Sequence[Section], name: str) -> bool:
    return any(section.name == name for section in sections)
