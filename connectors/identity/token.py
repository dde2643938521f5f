"""What an ID token must be before a word of it is believed.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from connectors.identity.errors import Lied

# Signatures by a key that only the provider has: never `none`, never a secret both sides know.
ALGORITHMS = {"RS256": "RSA", "ES256": "EC"}
LEEWAY_SECONDS = 60
MAX_SUBJECT = 255
MIN_RSA_BITS = 2048
Key = Mapping[str, Any]


class UnknownKey(Exception):
    """No key that we know has this id; the provider may have changed its keys."""


@dataclass(frozen=True)
class Expected:
    """What the token must say, and when it is read."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)
    access_token: str | None = field(repr=False)
    now: datetime


def read_token(raw: str, keys: Sequence[Key], expected: Expected) -> dict[str, Any]:
    """The claims of a token that holds. Raises Lied, UnknownKey."""
    algorithm, key_id = _header(raw)
    key = _import(_choose(keys, algorithm, key_id), algorithm)
    try:
        claims = jwt.decode(raw, key, algorithms=[algorithm]).claims
    except (JoseError, ValueError, TypeError):
        raise Lied("signature") from None
    _check_who(claims, expected)
    _check_when(claims, expected.now.timestamp())
    _check_what_for(claims, expected)
    return claims


def _header(raw: str) -> tuple[str, str | None]:
    try:
        part = raw.split(".", 1)[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise Lied("token_malformed") from None
    if not isinstance(header, dict) or header.get("alg") not in ALGORITHMS:
        raise Lied("algorithm")
    key_id = header.get("kid")
    if key_id is not None and not isinstance(key_id, str):
        raise Lied("token_malformed")
    return header["alg"], key_id


def _choose(keys: Sequence[Key], algorithm: str, key_id: str | None) -> Key:
    fitting = [
        key
        for key in keys
        if isinstance(key, dict)
        and key.get("kty") == ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and key_id in (None, key.get("kid"))
    ]
    if len(fitting) != 1:
        raise UnknownKey
    return fitting[0]


def _import(key: Key, algorithm: str) -> RSAKey | ECKey:
    # The public part alone, whatever else a provider let slip.
    try:
        if ALGORITHMS[algorithm] == "EC":
            names = ("kty", "crv", "x", "y")
            if key.get("crv") != "P-256":
                raise Lied("key")
            return ECKey.import_key({name: key[name] for name in names})
        modulus = base64.urlsafe_b64decode(key["n"] + "=" * (-len(key["n"]) % 4))
        if int.from_bytes(modulus, "big").bit_length() < MIN_RSA_BITS:
            raise Lied("key")
        return RSAKey.import_key({name: key[name] for name in ("kty", "n", "e")})
    except (JoseError, KeyError, ValueError, TypeError):
        raise Lied("key") from None


def _check_who(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise Lied("issuer")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
        raise Lied("subject")
    if not subject.isprintable():
        raise Lied("subject")


def _check_when(claims: Mapping[str, Any], now: float) -> None:
    expires, issued = (_seconds(claims.get(name)) for name in ("exp", "iat"))
    if expires is None or issued is None:
        raise Lied("times_missing")
    if now >= expires + LEEWAY_SECONDS:
        raise Lied("expired")
    starts = _seconds(claims.get("nbf", issued))
    if starts is None or max(issued, starts) > now + LEEWAY_SECONDS:
        raise Lied("from_the_future")


def _check_what_for(claims: Mapping[str, Any], expected: Expected) -> None:
    audience = claims.get("aud")
    several = [audience] if isinstance(audience, str) else audience
    if not isinstance(several, list) or expected.client_id not in several:
        raise Lied("audience")
    party = claims.get("azp")
    if party != expected.client_id and (party is not None or len(several) > 1):
        raise Lied("authorised_party")
    if not _is_same(claims.get("nonce"), expected.nonce):
        raise Lied("nonce")
    if "at_hash" in claims and not _is_same(claims["at_hash"], _half(expected.access_token)):
        raise Lied("access_token_hash")


def _half(access_token: str | None) -> str:
    digest = hashlib.sha256((access_token or "").encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_same(given: Any, wanted: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


def _seconds(given: Any) -> float | None:
    is_number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if is_number and abs(given) < 1e15 else None
