"""A question to friends as each side sees it: who asked, who is asked, a room's screen. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from retail.catalogue.queries import VariantView
from retail.opinions import rules


@dataclass(frozen=True)
class Answer:
    """What a friend said; `choice` is a piece's id, `none`, `yes` or `no`."""

    friend_id: str
    name: str
    first_name: str
    initials: str
    avatar: int
    choice: str
    reply: str = field(repr=False)
    answered_at: datetime


@dataclass(frozen=True)
class OpinionView:
    """A question as who asked it sees it, with all answers; `waiting` are names still silent."""

    id: str
    kind: str
    words: str = field(repr=False)
    pieces: tuple[VariantView, ...]
    is_in_room: bool
    shows_picture: bool
    asked_at: datetime
    ends_at: datetime
    answers: tuple[Answer, ...]
    waiting: tuple[str, ...]

    @property
    def tally(self) -> dict[str, int]:
        """How many said what, in order."""
        choices = rules.choices_of(self.kind, [one.id for one in self.pieces])
        return rules.tally(choices, [one.choice for one in self.answers])


@dataclass(frozen=True)
class AskedView:
    """A question as a friend who is asked sees it, with nothing of what others said.

    `choice` is empty until they answered.
    """

    id: str
    kind: str
    words: str = field(repr=False)
    pieces: tuple[VariantView, ...]
    is_in_room: bool
    asked_at: datetime
    asker_id: str
    asker_name: str
    asker_first_name: str
    choice: str
    reply: str = field(repr=False)

    @property
    def choices(self) -> tuple[str, ...]:
        """What they can say."""
        return rules.choices_of(self.kind, [one.id for one in self.pieces])


@dataclass(frozen=True)
class ScreenOpinion:
    """A question as a room's screen may show it: answers of friends who agreed to that, by first
    name, and how many others answered where they are several. `tally` counts all of these."""

    id: str
    kind: str
    pieces: tuple[VariantView, ...]
    shows_picture: bool
    answers: tuple[Answer, ...]
    others: int
    tally: dict[str, int]
