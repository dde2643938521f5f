"""What a provider may say that is not so, each as something done to an honest one."""

import base64
import hashlib
import hmac
import json
import warnings
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.builders.provider import SECRET, Answer, OwnProvider

DISCOVERY = "/.well-known/openid-configuration"
Lie = Callable[[OwnProvider], None]
Document = dict[str, Any]


def claims(**changed: Any) -> Lie:
    """Say this in the token; None leaves it out."""
    return lambda provider: provider.claims.update(changed)


def header(**changed: Any) -> Lie:
    return lambda provider: provider.header.update(changed)


def metadata(**changed: Any) -> Lie:
    return lambda provider: provider.metadata.update(changed)


def answers(path: str, answer: Answer) -> Lie:
    return lambda provider: provider.answers.update({path: answer})


def person(**changed: Any) -> Lie:
    return lambda provider: provider.person.update(changed)


def signs(signer: Callable[[OwnProvider, Document, Document], str]) -> Lie:
    def lie(provider: OwnProvider) -> None:
        provider.signs = lambda head, body: signer(provider, head, body)

    return lie


def moved(name: str, seconds: int) -> Lie:
    """A time that many seconds from the provider's now."""
    return lambda provider: provider.claims.update({name: int(provider.now()) + seconds})


def by_hand(head: Document, body: Document, secret: bytes | None) -> str:
    """A token without a library that would refuse to make it; unsigned without a secret."""
    parts = [_part(json.dumps(part).encode()) for part in (head, body)]
    text = ".".join(parts)
    digest = hmac.new(secret, text.encode(), hashlib.sha256).digest() if secret else b""
    return f"{text}.{_part(digest)}"


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_of(provider: OwnProvider) -> RSAKey | ECKey:
    return next(iter(provider.keys.values()))


def another_key(_: OwnProvider, head: Document, body: Document) -> str:
    return jwt.encode(head, body, RSAKey.generate_key(2048))


def key_in_the_header(_: OwnProvider, head: Document, body: Document) -> str:
    own = RSAKey.generate_key(2048)
    return jwt.encode(head | {"jwk": own.as_dict(private=False)}, body, own)


def unsigned(_: OwnProvider, head: Document, body: Document) -> str:
    return by_hand(head | {"alg": "none"}, body, None)


def by_the_public_key(provider: OwnProvider, head: Document, body: Document) -> str:
    return by_hand(head | {"alg": "HS256"}, body, key_of(provider).as_pem(private=False))


def by_the_client_secret(_: OwnProvider, head: Document, body: Document) -> str:
    return by_hand(head | {"alg": "HS256"}, body, SECRET.encode())


def changed_afterwards(provider: OwnProvider, head: Document, body: Document) -> str:
    signed = provider.sign(head, body).split(".")
    signed[1] = _part(json.dumps(body | {"sub": "somebody-else"}).encode())
    return ".".join(signed)


def without_signature(provider: OwnProvider, head: Document, body: Document) -> str:
    return provider.sign(head, body).rsplit(".", 1)[0] + "."


def signed_by_hand(provider: OwnProvider, head: Document, body: Document) -> str:
    """RS256 without a library that would refuse to make it."""
    text = ".".join(_part(json.dumps(part).encode()) for part in (head, body))
    private = load_pem_private_key(key_of(provider).as_pem(private=True), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return f"{text}.{_part(private.sign(text.encode(), PKCS1v15(), SHA256()))}"


def critical(provider: OwnProvider, head: Document, body: Document) -> str:
    return signed_by_hand(provider, head | {"crit": ["x"], "x": 1}, body)


def weak_key(provider: OwnProvider) -> None:
    short = rsa.generate_private_key(65537, 1024)
    pem = short.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with warnings.catch_warnings(action="ignore"):
        provider.keys = {"short": RSAKey.import_key(pem)}
    signs(signed_by_hand)(provider)


def same_id_twice(provider: OwnProvider) -> None:
    """Two keys under one name: which of them signs is a guess that we do not make."""
    public = {**key_of(provider).as_dict(private=False), "kid": next(iter(provider.keys))}
    other = RSAKey.generate_key(2048).as_dict(private=False) | {"kid": public["kid"]}
    answers("/keys", _json({"keys": [public, other]}))(provider)


def discovery_of(**changed: Any) -> Lie:
    return lambda provider: answers(DISCOVERY, _json(_honest(provider) | changed))(provider)


def _honest(provider: OwnProvider) -> Document:
    paths = {"authorization_endpoint": "authorise", "token_endpoint": "token", "jwks_uri": "keys"}
    there = {name: f"{provider.issuer}/{path}" for name, path in paths.items()}
    return {"issuer": provider.issuer, **there}


def _json(document: Any) -> Answer:
    return Answer(body=json.dumps(document).encode())


def elsewhere(path: str) -> Lie:
    """Send whoever asks to a place that would say the truth."""

    def lie(provider: OwnProvider) -> None:
        here = {"Location": f"{provider.issuer}{path}"}
        provider.answers[path] = Answer(307, headers=here)

    return lie


HUGE = Answer(body=b'{"id_token": "' + b"a" * 600_000 + b'"}')
DEEP = Answer(body=b'{"a":' * 100_000)
LIES: dict[str, Lie] = {
    "signed by another key": signs(another_key),
    "signed by a key of its own header": signs(key_in_the_header),
    "not signed": signs(unsigned),
    "signature left out": signs(without_signature),
    "signed with the public key as a secret": signs(by_the_public_key),
    "signed with the client's secret": signs(by_the_client_secret),
    "changed after signing": signs(changed_afterwards),
    "no token": signs(lambda *_: "not.a-token"),
    "half a token": signs(lambda *_: "e30."),
    "a critical header that nobody knows": signs(critical),
    "a key that is not among its keys": header(kid="never-seen"),
    "a key too short": weak_key,
    "two keys of one name": same_id_twice,
    "for another client": claims(aud="another"),
    "for several, without saying who asked": claims(aud=["swingtag", "another"]),
    "asked by another client": claims(azp="another"),
    "for nobody": claims(aud=None),
    "by another issuer": claims(iss="https://another.example"),
    "by nobody": claims(iss=None),
    "expired": moved("exp", -61),
    "never to expire": claims(exp=None),
    "an end that is no number": claims(exp=True),
    "an end beyond all numbers": claims(exp=float("inf")),
    "from tomorrow": moved("iat", 86400),
    "valid from tomorrow": moved("nbf", 86400),
    "without a nonce": claims(nonce=None),
    "with the nonce of another trip": claims(nonce="a" * 64),
    "about nobody": claims(sub=None),
    "about an empty name": claims(sub=""),
    "about a name too long": claims(sub="n" * 256),
    "about a name with a line break": claims(sub="nina\nrex"),
    "about a number": claims(sub=7),
    "with the hash of another access token": claims(at_hash="a" * 22),
    "a discovery document of another": discovery_of(issuer="https://another.example"),
    "a discovery document with a slash more": discovery_of(issuer="http://127.0.0.1/"),
    "no place for tokens": discovery_of(token_endpoint=None),
    "a place for tokens that is a script": discovery_of(token_endpoint="javascript:alert(1)"),
    "a page that is a script": discovery_of(authorization_endpoint="javascript:alert(1)"),
    "keys that are none": answers("/keys", _json({"keys": "none"})),
    "keys full of nonsense": answers("/keys", _json({"keys": [7, None, {"kty": "RSA"}]})),
    "a discovery document that is huge": answers(DISCOVERY, HUGE),
    "keys that are huge": answers("/keys", HUGE),
    "an answer that is huge": answers("/token", HUGE),
    "an answer that is no JSON": answers("/token", Answer(body=b"<html>welcome</html>")),
    "an answer that is a list": answers("/token", _json(["id_token"])),
    "an answer nested without end": answers("/token", DEEP),
    "an answer without a token": answers("/token", _json({"access_token": "a"})),
    "an answer elsewhere": elsewhere("/token"),
    "keys elsewhere": elsewhere("/keys"),
    "discovery elsewhere": elsewhere(DISCOVERY),
}
LETS_DOWN: dict[str, Lie] = {
    f"{what} at {path}": answers(path, answer)
    for path in (DISCOVERY, "/keys", "/token")
    for what, answer in {
        "broken": Answer(500),
        "busy": Answer(429),
        "never an answer": Answer(never=True),
        "an answer in drops": Answer(body=b"{" * 100, drops=0.05),
    }.items()
}
WITHOUT_ADDRESS: dict[str, tuple[Lie, str]] = {
    "none": (person(email=None), "didn’t tell us your e-mail"),
    "empty": (person(email=""), "didn’t tell us your e-mail"),
    "a number": (person(email=7), "didn’t tell us your e-mail"),
    "unverified": (person(email_verified=False), "haven’t checked"),
    "not said to be verified": (person(email_verified=None), "haven’t checked"),
    "verified in a word": (person(email_verified="yes"), "haven’t checked"),
    "verified as a number": (person(email_verified=1), "haven’t checked"),
    "impossible": (person(email="nina@@shop"), "doesn’t look like an e-mail address"),
}
