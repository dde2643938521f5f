"""What happens between members, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FriendInvited:
    """A member made an invitation."""

    invitation_id: str


@dataclass(frozen=True)
class InvitationRevoked:
    """A member took an invitation back."""

    invitation_id: str


@dataclass(frozen=True)
class FriendshipMade:
    """Two members became friends."""

    member_id: str
    friend_id: str


@dataclass(frozen=True)
class FriendshipEnded:
    """Two members are friends no more; who ended it, and how, nobody is told."""

    member_id: str
    friend_id: str
