"""What happens to members, told to the rest of the house."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MemberJoined:
    """Somebody signed in for the first time."""

    member_id: str


@dataclass(frozen=True)
class SessionsEnded:
    """Sign-ins were ended; its topics say which, and whose they were is nobody's to know."""

    brand_id: str


@dataclass(frozen=True)
class SignInsChanged:
    """Somebody signed in or out somewhere; for their own screens."""

    member_id: str
