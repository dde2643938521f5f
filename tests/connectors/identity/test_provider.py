"""A provider behind TLS, over real sockets: what it may ask of us, and what of ours it gets."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.identity.errors import Lied, ProviderError, Unreachable
from connectors.identity.provider import Provider, Registration, Trip
from tests.builders.provider import CLIENT, SECRET, OwnProvider
from tests.processes import PATIENCE_SECONDS

CERTIFICATE = Path(__file__).parents[1] / "localhost.pem"
TRIP = Trip("https://shop.example/join/alder/callback", "state", "nonce", "v" * 64)


@pytest.fixture
def own() -> Iterator[OwnProvider]:
    provider = OwnProvider(CERTIFICATE)
    yield provider
    provider.close()


@pytest.fixture
def trusted(own: OwnProvider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider, whose certificate this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return Provider(Registration(own.issuer, CLIENT, SECRET), seconds=PATIENCE_SECONDS)


def test_it_is_asked_over_tls(own: OwnProvider, trusted: Provider) -> None:
    address = trusted.way_there(TRIP)
    assert address.startswith(f"{own.issuer}/authorise?")
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [TRIP.redirect_uri]


def test_a_certificate_that_nobody_vouches_for_is_not_taken(own: OwnProvider) -> None:
    with pytest.raises(Unreachable):
        Provider(Registration(own.issuer, CLIENT, SECRET)).way_there(TRIP)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_no_secret_goes_in_the_clear_where_the_issuer_is_guarded(
    own: OwnProvider, trusted: Provider, name: str
) -> None:
    own.metadata = {name: own.issuer.replace("https:", "http:") + "/token"}
    with pytest.raises(Lied, match="endpoint"):
        trusted.way_there(TRIP)


def test_what_went_wrong_is_a_word_of_ours(own: OwnProvider, trusted: Provider) -> None:
    own.metadata = {"issuer": "https://planted.example"}
    with pytest.raises(ProviderError) as refusal:
        trusted.way_there(TRIP)
    assert refusal.value.code == "discovery_of_another"


def test_a_code_that_was_never_given_is_refused_and_no_secret_is_shown(
    own: OwnProvider, trusted: Provider
) -> None:
    with pytest.raises(ProviderError) as refusal:
        trusted.redeem("planted-code", TRIP, now=datetime.now(UTC))
    assert refusal.value.code == "http_400"
    shown = repr(refusal.value) + repr(TRIP) + repr(Registration(own.issuer, CLIENT, SECRET))
    assert not any(word in shown for word in (SECRET, TRIP.verifier, "planted-code"))
