"""What somebody could say to a member who checked in, from purchases and saved pieces alone. Pure.

Nothing in here takes likes, friends, places or anything else: what is not asked for cannot slip
out. The words are the web's; here they are codes with what stands in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from retail.greetings.rules import FIRST

# Who bought something so lately may be asked about it; who was away for so long, told so.
BOUGHT_LATELY = timedelta(days=60)
A_WHILE_DAYS = 60
_NOON, _EVENING = 12, 18


@dataclass(frozen=True)
class SavedHere:
    """A saved piece that the store is known to have: `left` pieces, or kept for them until."""

    name: str
    size: str
    left: int
    kept_until: datetime | None = None


@dataclass(frozen=True)
class Talk:
    """What may be spoken of: what the member shows, and nothing of a sensitive category.

    `hour` is the store's; `days_away` are days since they were here, None where that is not known
    or not shown.
    """

    called: str
    form: str
    hour: int
    days_away: int | None = None
    bought: str | None = None
    saved: SavedHere | None = None


@dataclass(frozen=True)
class Part:
    """A piece of a sentence: a code, and what stands in it."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


def sentence(talk: Talk) -> tuple[Part, ...]:
    """One thing to say: a greeting, what lies behind, and what is here, of each what is known."""
    behind = _behind(talk)
    ahead = _ahead(talk.saved) if talk.saved else None
    told = [part for part in (behind, ahead) if part is not None]
    if not told:
        told = [Part("help" if talk.days_away is None else "again")]
    return (Part(_hello(talk), {"name": talk.called}), *told)


def _hello(talk: Talk) -> str:
    if talk.form == FIRST:
        return "hello"
    if talk.hour < _NOON:
        return "morning"
    return "afternoon" if talk.hour < _EVENING else "evening"


def _behind(talk: Talk) -> Part | None:
    if talk.bought is not None:
        return Part("bought", {"piece": talk.bought})
    if talk.days_away is not None and talk.days_away >= A_WHILE_DAYS:
        return Part("while")
    return None


def _ahead(saved: SavedHere) -> Part | None:
    what = {"piece": saved.name, "size": saved.size}
    if saved.kept_until is not None:
        return Part("kept", what | {"until": saved.kept_until})
    if saved.left < 1:
        return None
    return Part(("last" if saved.left == 1 else "here") + ("_in" if saved.size else ""), what)
