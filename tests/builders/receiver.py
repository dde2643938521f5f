"""A brand's own system that listens for webhooks: a real HTTP server, as helpful as it is told.

It checks signatures by the words of the Standard Webhooks specification, sharing no code with
what signs.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behave = Callable[[BaseHTTPRequestHandler], None]


def verifies(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether one of the signatures is that of `id.timestamp.body` under this secret."""
    key = base64.b64decode(secret[len("whsec_") :])
    content = b".".join(
        [headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body]
    )
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    given = [part.split(",", 1) for part in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(text, expected) for version, text in given)


@dataclass(frozen=True)
class Received:
    """One message as it arrived."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """The body, read."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """What arrived so far, in order; `answers` are used up one by one, then it says 200.

    `hears` is told of each before it is answered; `wrap` lets it speak TLS from then on.
    """

    url: str
    got: list[Received] = field(default_factory=list)
    answers: list[Behave] = field(default_factory=list)
    hears: Callable[[Received], None] = lambda _: None
    wrap: Callable[[ssl.SSLContext], None] = lambda _: None

    @property
    def ids(self) -> list[str]:
        """The ids in the order of their arrival."""
        return [one.id for one in self.got]

    @property
    def types(self) -> list[str]:
        """What was told, in the order of its arrival."""
        return [one.told["type"] for one in self.got]


def says(status: int, text: str = "", **headers: str) -> Behave:
    """Answer so; a header's name is written with underscores."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(text.encode())))
        handler.end_headers()
        handler.wfile.write(text.encode())

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """Close without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def never_ends(until: threading.Event) -> Behave:
    """Begin an answer and never end it, a header now and then, until the test lets go."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        with contextlib.suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not until.wait(0.02):
                handler.wfile.write(b"X-More: 1\r\n")

    return answer


@contextlib.contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heads = {name.lower(): value for name, value in self.headers.items()}
            received = Received(heads, self.rfile.read(length))
            receiver.got.append(received)
            receiver.hears(received)
            (receiver.answers.pop(0) if receiver.answers else says(200))(self)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hooks")

    def wrap(context: ssl.SSLContext) -> None:
        server.socket = context.wrap_socket(server.socket, server_side=True)

    receiver.wrap = wrap
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
