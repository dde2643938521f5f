"""How long a stranger's like waits, and how many may. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from core.ids import keyed_hash

LIFETIME = timedelta(hours=24)
MOST_WAITING = 20


@dataclass(frozen=True)
class WaitingLike:
    """A like that waited, and the share that led to it, if one did."""

    outfit_id: str
    share_id: str | None


def guest_hash(key: bytes, guest: str) -> str:
    """Under which a guest's likes are kept; the guest's own number is never stored."""
    return keyed_hash(key, "guest", guest)
