"""What happens in reviews, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LikesHeldBack:
    """Likes wait for somebody to look at them."""

    case_id: str


@dataclass(frozen=True)
class CaseDecided:
    """Somebody cleared or removed the likes of a case."""

    case_id: str


@dataclass(frozen=True)
class AppealMade:
    """A stylist asks for a second look."""

    case_id: str


@dataclass(frozen=True)
class AppealAnswered:
    """A stylist's appeal has its answer."""

    case_id: str
