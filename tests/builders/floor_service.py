"""A web and a push process for a floor under load, and connections to them that are kept."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crash import entrances
from tests.processes import Offspring, await_answer, free_port


@dataclass(frozen=True)
class Served:
    """The ports of web and push processes; `streams` is the process that holds screens."""

    web: int
    push: int
    streams: int


@contextmanager
def served(
    url: str, folder: Path, *, screens: int, redis_url: str, secret: str, workers: int = 1
) -> Iterator[Served]:
    """Web processes, and a push process for so many screens, on a database for a block."""
    environment = os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": secret,
        "DATA_DIR": str(folder),
        "RATE_LIMITS": "no",
        "LOG_LEVEL": "WARNING",
        # No piece leaves by itself meanwhile, however slow the machine is.
        "ROOM_QUIET_SECONDS": "110",
        "MAX_STREAMS": str(screens),
        "WEB_THREADS": str(screens + 16),
    }
    web, push = free_port(), free_port()
    with ExitStack() as running:
        running.enter_context(Offspring(entrances.web, environment, web, 16, workers))
        pushing = Offspring(entrances.web, environment, push, screens + 16)
        running.enter_context(pushing)
        for port in (web, push):
            await_answer(port)
        yield Served(web, push, pushing.children()[0])


class Line:
    """A connection that is kept, and on which one asks and waits for the whole answer."""

    def __init__(self, port: int, *, patience: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, headers: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of the answer; `headers` with a line end after each."""
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n"
        self._socket.sendall(head.encode() + body)
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self._more()
        head_bytes, _, rest = heard.partition(b"\r\n\r\n")
        found = re.search(rb"\r\nContent-Length: (\d+)", head_bytes, re.IGNORECASE)
        missing = (int(found[1]) if found else 0) - len(rest)
        while missing > 0:
            rest += (more := self._more())
            missing -= len(more)
        return int(head_bytes.split(b" ", 2)[1]), rest

    def _more(self) -> bytes:
        heard = self._socket.recv(65_536)
        assert heard, "the server hung up"
        return heard

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
