"""An OpenID provider of our own, on a real socket, which can be told to lie.

Honest by default: it checks redirect address, client, PKCE and that a code is used once. A test
changes what it says through `claims`, `header`, `answers` and `signs`.
"""

import base64
import hashlib
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "swingtag", "a secret between shop & provider"
JSON = "application/json"


@dataclass
class Answer:
    """What goes over the wire.

    `drops` sends the body byte by byte, so many seconds apart; `never` waits until the provider
    closes.
    """

    status: int = 200
    body: bytes = b""
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    drops: float = 0
    never: bool = False

    def parts(self) -> list[bytes]:
        """The body in one piece, or in its drops."""
        return [bytes([each]) for each in self.body] if self.drops else [self.body]


@dataclass
class Grant:
    """A code that was given out, and what it was asked for with."""

    wish: dict[str, str]
    person: dict[str, Any]
    is_used: bool = False


Signer = Callable[[dict[str, Any], dict[str, Any]], str]


class OwnProvider:
    """A provider with one person signed in to it, and what to say about them."""

    def __init__(self, certificate: Path | None = None) -> None:
        self.keys: dict[str, RSAKey | ECKey] = {}
        self.algorithm = "RS256"
        self.person: dict[str, Any] = {
            "sub": "nina-at-the-provider",
            "email": "nina@shopper.example",
            "email_verified": True,
        }
        self.claims: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.answers: dict[str, Answer] = {}
        self.userinfo: dict[str, Any] = {}
        self.signs: Signer = self.sign
        self.forgets_codes = False
        self.secret: str | None = SECRET
        self.checks_pkce = True
        self.asked: list[str] = []
        # Every secret that went to and fro.
        self.secrets: set[str] = {SECRET}
        self.closing = threading.Event()
        self.grants: dict[str, Grant] = {}
        self.now: Callable[[], float] = time.time
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self.issuer = f"https://localhost:{self._server.server_port}"
        self.new_key("RS256")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def new_key(self, algorithm: str) -> None:
        """Sign with a new key from now on, and forget the old one."""
        self.algorithm = algorithm
        made = RSAKey.generate_key(2048) if algorithm == "RS256" else ECKey.generate_key("P-256")
        self.keys = {f"key-{secrets.token_hex(4)}": made}

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """A token by the key of this provider."""
        return jwt.encode(header, claims, next(iter(self.keys.values())), list(_ALL))

    def count(self, path: str) -> int:
        """How often this was asked for."""
        return self.asked.count(path)

    def answer(self, method: str, path: str, query: dict[str, str], headers: Any) -> Answer:
        """What a request gets."""
        with self._lock:
            self.asked.append(path)
            self.secrets.update(
                value
                for name, value in query.items()
                if name in ("state", "nonce", "code_verifier")
            )
        if path in self.answers:
            return self.answers[path]
        routes: dict[str, Callable[[], Answer]] = {
            "/.well-known/openid-configuration": lambda: _json(self._discovery()),
            "/keys": lambda: _json(self._public_keys()),
            "/authorise": lambda: self._authorise(query),
            "/token": lambda: self._token(query, headers),
            "/userinfo": lambda: _json(self.userinfo),
        }
        return routes[path]() if path in routes else Answer(404)

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata

    def _public_keys(self) -> dict[str, Any]:
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": name, "use": "sig"}
                for name, key in self.keys.items()
            ]
        }

    def _authorise(self, wish: dict[str, str]) -> Answer:
        """The person says yes at once."""
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(wish, dict(self.person))
        self.secrets.add(code)
        back = urlencode({"code": code, "state": wish["state"], "iss": self.issuer})
        return Answer(302, headers={"Location": f"{wish['redirect_uri']}?{back}"})

    def _token(self, given: dict[str, str], headers: Any) -> Answer:
        grant = self.grants.get(given.get("code", ""))
        # Taken and marked in one step, as an honest provider must.
        with self._lock:
            if grant is None or (grant.is_used and not self.forgets_codes):
                return _json({"error": "invalid_grant"}, 400)
            grant.is_used = True
        if not self._knows(headers.get("Authorization"), given):
            return _json({"error": "invalid_client"}, 401)
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        if self.checks_pkce and _base64url(challenge) != grant.wish["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        if given.get("redirect_uri") != grant.wish["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        token = self.signs(self._header(), self._claims(grant, access))
        self.secrets |= {access, token, *token.split(".")[1:]} - {""}
        return _json({"access_token": access, "token_type": "Bearer", "id_token": token})

    def _knows(self, authorisation: str | None, given: dict[str, str]) -> bool:
        if self.secret is None:
            return authorisation is None and given.get("client_id") == CLIENT
        pair = urlencode({CLIENT: self.secret}).replace("=", ":").replace("+", "%20")
        return authorisation == f"Basic {base64.b64encode(pair.encode()).decode()}"

    def _header(self) -> dict[str, Any]:
        return {"alg": self.algorithm, "kid": next(iter(self.keys))} | self.header

    def _claims(self, grant: Grant, access: str) -> dict[str, Any]:
        now = int(self.now())
        claims = {
            **grant.person,
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.wish["nonce"],
            "at_hash": _base64url(hashlib.sha256(access.encode()).digest()[:16]),
        } | self.claims
        return {name: value for name, value in claims.items() if value is not None}


_ALL = ("RS256", "ES256", "HS256", "none")


def _json(document: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _handler(provider: OwnProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request to the provider."""

        def do_GET(self) -> None:
            """Answer what is asked by address."""
            self._say(urlsplit(self.path).query)

        def do_POST(self) -> None:
            """Answer what is asked by form."""
            self._say(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _say(self, text: str) -> None:
            given = {name: values[0] for name, values in parse_qs(text).items()}
            path = urlsplit(self.path).path
            answer = provider.answer(self.command, path, given, self.headers)
            try:
                self._write(answer)
            except ConnectionError:
                # Who asked had heard enough.
                self.close_connection = True

        def _write(self, answer: Answer) -> None:
            if answer.never:
                provider.closing.wait()
            self.send_response(answer.status)
            headers = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body))}
            for name, value in (headers | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            for part in answer.parts():
                self.wfile.write(part)
                self.wfile.flush()
                provider.closing.wait(answer.drops)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
