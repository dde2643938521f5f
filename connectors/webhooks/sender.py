"""One POST to a stranger's server: the address checked, the answer bounded in size and time.

Redirections are not followed, no proxy is asked, and a watchdog ends the call as a whole: an
answer in drops would outlast any time limit of single reads.
"""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from connectors.webhooks import addresses
from connectors.webhooks.addresses import Forbidden, Resolve, look_up

SECONDS = 10.0
MAX_BYTES = 4096
_LINES = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Answer:
    """What came of a call. `status` is None where nobody answered, and `error` then says why:

    `forbidden_address`, `timeout`, `unreachable`, `tls` or `not_http`.
    """

    status: int | None
    milliseconds: int
    text: str = ""
    retry_after: str | None = None
    error: str | None = None


class Sender:
    """Calls servers, for `seconds` each at most, from the look-up of the name to the last byte.

    `allows_local` lets http and addresses inside the own network pass, for developments.
    """

    def __init__(
        self,
        *,
        allows_local: bool,
        seconds: float = SECONDS,
        resolve: Resolve = look_up,
        trusts: ssl.SSLContext | None = None,
    ) -> None:
        self._allows_local = allows_local
        self._seconds = seconds
        self._resolve = resolve
        self._trusts = trusts or ssl.create_default_context()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """The answer to a body sent to an address; never raises for what the other side does."""
        began, late = time.monotonic(), threading.Event()
        try:
            status, text, retry_after = self._call(urlsplit(url), body, headers, late)
        except Forbidden:
            return _failed(began, "forbidden_address")
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _failed(began, "timeout" if late.is_set() else _named(error))
        if late.is_set():
            return _failed(began, "timeout")
        return Answer(status, _since(began), text, retry_after)

    def _call(
        self, parts: SplitResult, body: bytes, headers: Mapping[str, str], late: threading.Event
    ) -> tuple[int, str, str | None]:
        is_tls, host = parts.scheme == "https", parts.hostname or ""
        if not is_tls and not self._allows_local:
            raise Forbidden(host)
        port = parts.port or (443 if is_tls else 80)
        until = time.monotonic() + self._seconds
        resolve = addresses.in_time(self._resolve, self._seconds)
        address = addresses.pick(host, port, allows_local=self._allows_local, resolve=resolve)
        plain = socket.create_connection((address, port), timeout=_left(until))
        wire = self._sealed(plain, host) if is_tls else plain
        with wire, _watched(wire, _left(until), late):
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            connection = http.client.HTTPConnection(host, port, timeout=self._seconds)
            connection.sock = wire
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("POST", target, body, {"Host": parts.netloc, **headers})
            with connection.getresponse() as answer:
                return answer.status, _read(answer), answer.getheader("Retry-After")

    def _sealed(self, plain: socket.socket, host: str) -> ssl.SSLSocket:
        # The handshake comes later, when somebody watches the time that it takes.
        return self._trusts.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _left(until: float) -> float:
    # Nought would mean no waiting at all, which is another error than being late.
    return max(until - time.monotonic(), 0.001)


@contextmanager
def _watched(wire: socket.socket, seconds: float, late: threading.Event) -> Iterator[None]:
    def end() -> None:
        late.set()
        try:
            # The plain way down also from under TLS, which would want to say goodbye first.
            socket.socket.shutdown(wire, socket.SHUT_RDWR)
        except OSError:
            return

    watchdog = threading.Timer(seconds, end)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
        watchdog.join()


def _read(answer: http.client.HTTPResponse) -> str:
    text = answer.read(MAX_BYTES).decode("utf-8", errors="replace")
    return _LINES.sub(" ", text).strip()


def _named(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "unreachable" if isinstance(error, OSError) else "not_http"


def _failed(began: float, error: str) -> Answer:
    return Answer(None, _since(began), error=error)


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
