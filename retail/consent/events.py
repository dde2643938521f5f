"""What happens to consents, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentGiven:
    """A member agreed to a purpose."""

    member_id: str
    purpose: str


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A member took an agreement back."""

    member_id: str
    purpose: str
