"""How many friends and invitations there may be, for how long, and the answers to the rest."""

import hashlib
from datetime import timedelta

from core.errors import Conflict, Invalid, NotFound

INVITATION_LIFETIME = timedelta(days=14)
MOST_PLACES = 10
OPEN_INVITATIONS = 20
MOST_FRIENDS = 5_000


def check_places(places: int) -> int:
    """For how many people an invitation is. Raises Invalid outside 1 to `MOST_PLACES`."""
    if not 1 <= places <= MOST_PLACES:
        sentence = f"An invitation is for 1 to {MOST_PLACES} people."
        raise Invalid("places_invalid", sentence, fields={"places": [sentence]})
    return places


def gate(member_id: str) -> int:
    """The gate through which one member's friendships change, by one transaction at a time."""
    digest = hashlib.sha256(f"friends:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def invitation_not_found() -> NotFound:
    """The one answer for unknown, expired, used and revoked, and where somebody is blocked."""
    return NotFound("invitation_not_found", "This invitation isn’t here.")


def own_invitation() -> Invalid:
    """Nobody becomes their own friend."""
    return Invalid("own_invitation", "This invitation is yours. Send it to someone else.")


def too_many_invitations() -> Conflict:
    """Whoever invites a crowd waits until some have answered."""
    sentence = f"You have {OPEN_INVITATIONS} invitations open. Take one back first."
    return Conflict("too_many_invitations", sentence)


def too_many_friends() -> Conflict:
    """A circle of friends ends somewhere."""
    sentence = f"You have {MOST_FRIENDS:,} friends, and more don’t fit. Part with one first."
    return Conflict("too_many_friends", sentence)


def friend_not_found() -> NotFound:
    """The one answer for absent, blocked, and never a friend."""
    return NotFound("friend_not_found", "This friend isn’t here.")


def blocks_themselves() -> Invalid:
    """Nobody hides from themselves."""
    return Invalid("own_block", "You can’t block yourself.")
