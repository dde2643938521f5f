"""A secret and its predecessors: the newest signs, each of them verifies.

A key travels through the code as the bytes of its newest secret, so that whoever only signs need
not know that there are others.
"""

from collections.abc import Callable, Iterable

from core.ids import keyed_hash


class Key(bytes):
    """The secret that signs. `older` are those whose signatures still count, newest first."""

    older: tuple[bytes, ...]

    def __new__(cls, newest: bytes, older: Iterable[bytes] = ()) -> "Key":
        """A key of these secrets."""
        made = super().__new__(cls, newest)
        made.older = tuple(older)
        return made


def every(key: bytes) -> tuple[bytes, ...]:
    """All secrets whose signatures count, the one that signs first."""
    return (bytes(key), *(key.older if isinstance(key, Key) else ()))


def keyed_hashes(key: bytes, purpose: str, secret: str) -> list[str]:
    """Every hash under which a secret of ours may be stored; new ones are the first."""
    return [keyed_hash(one, purpose, secret) for one in every(key)]


def maker(key: bytes, is_its: Callable[[bytes], bool]) -> bytes:
    """The secret with which something was made; the newest where it was none of them.

    So a code that is derived anew is the one that was printed, also after a change of keys.
    """
    listed = every(key)
    return next((one for one in listed if is_its(one)), listed[0]) if listed[1:] else listed[0]


def key_id(key: bytes) -> str:
    """A short name for the newest secret, which tells nothing about it: eight characters."""
    return keyed_hash(bytes(key), "key-id", "")[:8]
