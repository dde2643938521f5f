"""How long a stranger's like waits, and how many may. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from core.keys import keyed_hashes

LIFETIME = timedelta(hours=24)
MOST_WAITING = 20


@dataclass(frozen=True)
class WaitingLike:
    """A like that waited, and the share that led to it, if one did."""

    outfit_id: str
    share_id: str | None


def guest_hashes(key: bytes, guest: str) -> list[str]:
    """Under which a guest's likes are kept, new ones under the first; never under the number."""
    return keyed_hashes(key, "guest", guest)
