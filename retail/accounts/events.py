"""What happens to members, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MemberJoined:
    """Somebody signed in for the first time."""

    member_id: str
