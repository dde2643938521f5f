"""What happens to polls, told to the rest of the house; never who voted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PollAsked:
    """A member asked which of two looks."""

    poll_id: str


@dataclass(frozen=True)
class PollVoted:
    """The counts of a poll changed."""

    poll_id: str


@dataclass(frozen=True)
class PollClosed:
    """A poll takes no more votes."""

    poll_id: str


@dataclass(frozen=True)
class PollDeleted:
    """A poll was taken away with all of its votes."""

    poll_id: str
