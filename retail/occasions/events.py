"""What happens around occasions, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FriendAsked:
    """Somebody asked a friend to come."""

    occasion_id: str
    member_id: str


@dataclass(frozen=True)
class PlanChanged:
    """A member comes or plans something else to wear: others may plan the same."""

    member_id: str


@dataclass(frozen=True)
class TwinsMade:
    """Two who both wished to wear a piece together."""

    occasion_id: str
    member_id: str
    friend_id: str
