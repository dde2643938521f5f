"""The token in an invitation's link and QR. Pure.

Derived from the invitation's id with the installation's key, so its owner can show it again
although only a keyed hash is stored.
"""

from core.ids import crockford, derive, keyed_hash, normalise_code
from core.keys import maker

TOKEN_BITS = 128
TOKEN_LENGTH = 26
_PURPOSE = "friend-invitation"


def token(key: bytes, invitation_id: str) -> str:
    """What the link carries: 128 bits that only the holder of the key can tell."""
    return crockford(derive(key, _PURPOSE, invitation_id, TOKEN_BITS), TOKEN_LENGTH)


def token_hash(key: bytes, text: str) -> str:
    """Under what a token is stored and found; what cannot be a token is found nowhere."""
    return keyed_hash(key, _PURPOSE, normalise_code(text) or "")


def shown_token(key: bytes, invitation_id: str, stored_hash: str) -> str:
    """The token that was handed out, by its stored hash, also after a change of keys."""
    made_with = maker(key, lambda one: token_hash(one, token(one, invitation_id)) == stored_hash)
    return token(made_with, invitation_id)


def invitation_url(public_url: str, text: str) -> str:
    """The address that a token opens."""
    return f"{public_url.rstrip('/')}/f/{text}"
