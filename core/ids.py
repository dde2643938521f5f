"""Identifiers: sortable row ids, and codes that people read, type and mistype."""

import hashlib
import hmac
import secrets

from ulid import ULID

# Crockford's base 32: no I, L, O, U. https://www.crockford.com/base32.html
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_id() -> str:
    """A new row id: a ULID, 26 characters, sortable by creation."""
    return str(ULID())


def new_secret() -> str:
    """256 random bits as text, for session cookies and API secrets."""
    return secrets.token_urlsafe(32)


def new_link_id() -> str:
    """A random id for addresses that people pass on: 130 bits in 26 Crockford characters.

    Unlike a row id it does not tell when it was made, nor after what.
    """
    return crockford(secrets.randbits(130), 26)


def derive(key: bytes, purpose: str, subject: str, bits: int) -> int:
    """A number of `bits` bits that only the holder of `key` can compute for this subject.

    HMAC-SHA256 (RFC 2104) of purpose and subject, truncated. Lets a code be shown again
    although only its hash is stored.
    """
    digest = hmac.new(key, f"{purpose}\x00{subject}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest, "big") >> (256 - bits)


def keyed_hash(key: bytes, purpose: str, secret: str) -> str:
    """The hash under which a secret of ours is stored and found: HMAC-SHA256, hexadecimal."""
    return hmac.digest(key, f"{purpose}\x00{secret}".encode(), "sha256").hex()


def crockford(number: int, length: int) -> str:
    """`number` as exactly `length` Crockford characters, most significant first."""
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        characters.append(CROCKFORD[digit])
    return "".join(reversed(characters))


def value_of(code: str) -> int:
    """The number that `crockford` wrote; the code has plain Crockford characters alone."""
    value = 0
    for character in code:
        value = value * 32 + CROCKFORD.index(character)
    return value


def crockford_check(code: str) -> str:
    """The check character of a code: its digits, weighted by powers of 3, modulo 31.

    Every slip of one character and every swap of neighbours changes it, but for 0 against Z.
    Crockford's own modulus, 37, needs symbols that a phone keyboard hides.
    """
    value = 0
    for character in code:
        value = (value * 3 + CROCKFORD.index(character)) % 31
    return CROCKFORD[value]


def normalise_code(typed: str) -> str | None:
    """What somebody typed as plain Crockford characters, or None where that cannot be.

    Case, spaces and hyphens do not matter; O reads as 0, I and L as 1.
    """
    code = "".join(typed.upper().split()).replace("-", "").translate(_LOOKALIKE)
    return code if code and all(c in CROCKFORD for c in code) else None


def group(code: str, size: int) -> str:
    """The code in hyphenated groups, for reading aloud."""
    return "-".join(code[i : i + size] for i in range(0, len(code), size))
