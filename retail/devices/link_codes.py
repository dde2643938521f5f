"""Codes that a screen shows for a minute, to link one phone. Pure.

A code is derived from what shows it and until when, so that it can be shown again although only
its keyed hash is kept.
"""

from datetime import datetime, timedelta

from core.ids import crockford, derive, group, keyed_hash, normalise_code
from core.keys import keyed_hashes

LIFETIME = timedelta(seconds=60)
_LENGTH = 8


def shown_code(key: bytes, purpose: str, shown_by: str, until: datetime) -> str:
    """The code as a screen shows it, in groups."""
    return group(_code(key, purpose, shown_by, until), 4)


def kept_hash(key: bytes, purpose: str, shown_by: str, until: datetime) -> str:
    """What is kept of a code."""
    return keyed_hash(key, purpose, _code(key, purpose, shown_by, until))


def typed_hashes(key: bytes, purpose: str, typed: str) -> list[str]:
    """What may be kept of a code that somebody typed or scanned, under each secret in use."""
    return list(keyed_hashes(key, purpose, normalise_code(typed) or ""))


def _code(key: bytes, purpose: str, shown_by: str, until: datetime) -> str:
    about = f"{shown_by}:{until.timestamp()}"
    return crockford(derive(key, purpose, about, 5 * _LENGTH), _LENGTH)
