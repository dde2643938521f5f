"""Voucher codes: 75 bits that only the key's holder can compute, and a check character.

Crockford's base 32 without I, L, O and U: https://www.crockford.com/base32.html
"""

from core import ids
from core.keys import maker

_BITS = 75
_CHARACTERS = 15


def code_of(voucher_id: str, key: bytes) -> str:
    """The 16 characters of a voucher's code, without hyphens."""
    code = ids.crockford(ids.derive(key, "voucher-code", voucher_id, _BITS), _CHARACTERS)
    return code + ids.crockford_check(code)


def hash_of(code: str, key: bytes) -> str:
    """What is stored of a code: useless without the key."""
    return ids.keyed_hash(key, "voucher", code)


def printed_code(voucher_id: str, stored_hash: str, key: bytes) -> str:
    """The code that was handed out, by its stored hash, also after a change of keys."""
    made_with = maker(key, lambda one: hash_of(code_of(voucher_id, one), one) == stored_hash)
    return code_of(voucher_id, made_with)


def shown(code: str) -> str:
    """The code as people read it: four groups of four."""
    return ids.group(code, 4)


def read(typed: str) -> str | None:
    """The code that somebody typed, or None where it cannot be one.

    Case, spaces and hyphens do not matter; O reads as 0, I and L as 1. The check character
    catches most slips before the database is asked.
    """
    code = ids.normalise_code(typed)
    if code is None or len(code) != _CHARACTERS + 1:
        return None
    return code if ids.crockford_check(code[:-1]) == code[-1] else None
