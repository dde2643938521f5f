"""Secrets of ours that others hold too, kept sealed: only the installation's key opens them."""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.ids import keyed_hash
from core.keys import every


def seal(key: bytes, purpose: str, secret: str) -> str:
    """The secret as it may be stored, sealed by the newest key (Fernet: AES-CBC and HMAC)."""
    return _box(bytes(key), purpose).encrypt(secret.encode()).decode()


def unseal(key: bytes, purpose: str, sealed: str) -> str | None:
    """What `seal` was given, under any listed key; None where no listed key opens it."""
    boxes = MultiFernet([_box(one, purpose) for one in every(key)])
    try:
        return boxes.decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def seal_file(key: bytes, purpose: str, content: bytes) -> bytes:
    """Bytes as they may be stored, sealed as `seal` does."""
    return _box(bytes(key), purpose).encrypt(content)


def unseal_file(key: bytes, purpose: str, sealed: bytes) -> bytes | None:
    """What `seal_file` was given, under any listed key; None where no listed key opens it."""
    try:
        return MultiFernet([_box(one, purpose) for one in every(key)]).decrypt(sealed)
    except InvalidToken:
        return None


def _box(key: bytes, purpose: str) -> Fernet:
    derived = bytes.fromhex(keyed_hash(key, purpose, "seal"))
    return Fernet(base64.urlsafe_b64encode(derived))
