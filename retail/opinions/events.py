"""What happens to questions to friends, told to the rest of the house by a random id alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OpinionAsked:
    """A member asked friends for an opinion."""

    request_id: str


@dataclass(frozen=True)
class OpinionChanged:
    """A friend answered, or what is shown of the question changed."""

    request_id: str


@dataclass(frozen=True)
class OpinionEnded:
    """A question is gone with all that hung on it."""

    request_id: str


@dataclass(frozen=True)
class AdviserChanged:
    """A friend is asked something, or is not any more; it names neither what nor by whom."""

    friend_id: str
