"""Links that end a purpose on a channel without signing in: signed, never stored. Pure.

RFC 8058: what the link shows is safe to fetch, and only a POST ends anything.
"""

from dataclasses import dataclass
from hmac import compare_digest

from core.errors import NotFound
from core.ids import crockford, derive
from core.keys import every
from retail.notifications import rules

_PURPOSE = "unsubscribe"


@dataclass(frozen=True)
class Ending:
    """What a link ends, and for whom."""

    member_id: str
    purpose: str
    channel: str


def token_for(key: bytes, member_id: str, purpose: str, channel: str) -> str:
    """The token of the link that ends this."""
    subject = f"{member_id}.{purpose}.{channel}"
    return f"{subject}.{crockford(derive(key, _PURPOSE, subject, 130), 26)}"


def read_token(key: bytes, token: str) -> Ending:
    """What a token ends. Raises NotFound for one that we did not make."""
    subject, _, _ = token.rpartition(".")
    parts = subject.split(".")
    if len(parts) != 3 or not any(
        compare_digest(token_for(one, *parts).encode(), token.encode()) for one in every(key)
    ):
        raise NotFound("link_not_found", "This link doesn’t work any more.")
    return Ending(parts[0], rules.get_purpose(parts[1]).code, rules.check_channel(parts[2]))
