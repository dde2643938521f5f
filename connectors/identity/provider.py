"""One OpenID provider: the way there with PKCE, and what comes back, checked.

Discovery, https://openid.net/specs/openid-connect-discovery-1_0.html; the flow,
https://www.rfc-editor.org/rfc/rfc9700; `iss` in the answer, https://www.rfc-editor.org/rfc/rfc9207.
"""

import base64
import hashlib
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from connectors.identity.errors import Lied, ProviderError
from connectors.identity.fetching import Fetcher
from connectors.identity.token import Expected, Key, UnknownKey, read_token

ANSWER_SECONDS = 5
KEPT_SECONDS = 3600
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class Registration:
    """What an operator agreed on with a provider; a public client has no secret."""

    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Trip:
    """One way there and back; `verifier` never leaves but to the token endpoint."""

    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Claimed:
    """Whom the provider means, by its own checked words."""

    issuer: str
    subject: str = field(repr=False)
    email: str | None = field(repr=False)
    is_email_verified: bool


class Provider:
    """A provider as its discovery document describes it, read when first needed and kept."""

    def __init__(self, registration: Registration, *, seconds: float = ANSWER_SECONDS) -> None:
        self._who = registration
        self._fetch = Fetcher(seconds)
        self._described: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, list[Key]] | None = None

    def way_there(self, trip: Trip) -> str:
        """The address at which somebody says who they are. Raises ProviderError."""
        challenge = hashlib.sha256(trip.verifier.encode()).digest()
        wish = {
            "response_type": "code",
            "scope": "openid email",
            "client_id": self._who.client_id,
            "redirect_uri": trip.redirect_uri,
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        address: str = self._metadata()["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(wish, quote_via=quote)}"

    def check_sender(self, issuer: str | None) -> None:
        """Refuse an answer that says it is another provider's. Raises ProviderError."""
        is_promised = self._metadata().get("authorization_response_iss_parameter_supported")
        if issuer != self._who.issuer and (issuer is not None or is_promised is True):
            raise Lied("sender")

    def redeem(self, code: str, trip: Trip, *, now: datetime) -> Claimed:
        """Whom a code stands for. Raises ProviderError; nothing is believed half-way."""
        answer = self._exchange(code, trip)
        raw, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(raw, str):
            raise Lied("token_missing")
        held = access_token if isinstance(access_token, str) else None
        expected = Expected(self._who.issuer, self._who.client_id, trip.nonce, held, now)
        claims = self._read(raw, expected)
        if "email" not in claims and held:
            claims = {**claims, **self._email_of(claims["sub"], held)}
        email = claims.get("email")
        return Claimed(
            self._who.issuer,
            claims["sub"],
            email if isinstance(email, str) else None,
            # Some write the word; a 1 or a "yes" is nobody's promise.
            claims.get("email_verified") is True or claims.get("email_verified") == "true",
        )

    def _exchange(self, code: str, trip: Trip) -> dict[str, Any]:
        metadata = self._metadata()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": trip.redirect_uri,
            "code_verifier": trip.verifier,
        }
        headers: dict[str, str] = {}
        secret = self._who.client_secret
        ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if secret and "client_secret_basic" in ways:
            pair = f"{quote(self._who.client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            fields["client_id"] = self._who.client_id
            fields |= {"client_secret": secret} if secret else {}
        return self._fetch.post(metadata["token_endpoint"], fields, headers)

    def _read(self, raw: str, expected: Expected) -> dict[str, Any]:
        try:
            return read_token(raw, self._known_keys(), expected)
        except UnknownKey:
            self._keys = None
        try:
            return read_token(raw, self._known_keys(), expected)
        except UnknownKey:
            raise Lied("key_unknown") from None

    def _email_of(self, subject: str, access_token: str) -> dict[str, Any]:
        """What stands at the provider's userinfo, for those whose tokens are short."""
        address = self._metadata().get("userinfo_endpoint")
        if address is None:
            return {}
        self._check_address(address)
        said = self._fetch.get(address, {"Authorization": f"Bearer {access_token}"})
        if said.get("sub") != subject:
            raise Lied("another_subject")
        return {name: said[name] for name in ("email", "email_verified") if name in said}

    def _metadata(self) -> dict[str, Any]:
        kept = self._described
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            address = f"{self._who.issuer.rstrip('/')}/.well-known/openid-configuration"
            document = self._fetch.get(address)
            if document.get("issuer") != self._who.issuer:
                raise Lied("discovery_of_another")
            for name in _ENDPOINTS:
                self._check_address(document.get(name))
            kept = self._described = (time.monotonic(), document)
        return kept[1]

    def _known_keys(self) -> list[Key]:
        kept = self._keys
        if kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            keys = self._fetch.get(self._metadata()["jwks_uri"]).get("keys")
            if not isinstance(keys, list):
                raise Lied("keys_missing")
            kept = self._keys = (time.monotonic(), keys)
        return kept[1]

    def _check_address(self, address: Any) -> None:
        """An address as safe as the issuer's: no secret goes over a wire that it does not guard."""
        parts = urlsplit(address) if isinstance(address, str) else None
        if parts is None or not parts.hostname or parts.scheme not in ("https", "http"):
            raise Lied("endpoint")
        if parts.scheme == "http" and urlsplit(self._who.issuer).scheme != "http":
            raise Lied("endpoint")


__all__ = ["Claimed", "Provider", "ProviderError", "Registration", "Trip"]
