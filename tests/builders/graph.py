"""A stand-in for the Graph API over real HTTP, with the documented shapes of answers and errors."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE_ID, TOKEN = "1029384756", "EAAB-canary-page-token"


@dataclass
class Planned:
    """An answer to give instead of the next one; None drops the connection.

    `is_done`: what was asked for happens all the same, and only the answer differs.
    """

    status: int | None
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    is_done: bool = False


def error(code: int, *, subcode: int | None = None, status: int = 400, **more: Any) -> Planned:
    """An error as the Graph API words it."""
    told = {
        "message": f"(#{code}) Something that quotes {TOKEN}",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "AbCdEfGhIjK",
    }
    if subcode is not None:
        told["error_subcode"] = subcode
    return Planned(status, {"error": told | more.pop("told", {})}, **more)


@dataclass
class Graph:
    """A Page and what hangs on it."""

    url: str = ""
    posts: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, method: str, path: str, given: dict[str, str], token: str) -> Planned:
        """What the Graph API says."""
        self.asked.append((method, path))
        plan = self.planned.pop(0) if self.planned else None
        if plan is None or plan.is_done:
            usual = self._usual(method, path, given, token)
        return plan or usual

    def _usual(self, method: str, path: str, given: dict[str, str], token: str) -> Planned:
        if token != f"Bearer {TOKEN}":
            return error(190, subcode=463, status=401)
        if (method, path) == ("POST", f"{PAGE_ID}/feed"):
            post_id = f"{PAGE_ID}_{len(self.posts) + 1}"
            self.posts[post_id] = given
            return Planned(200, {"id": post_id}, self.headers)
        if (method, path) == ("GET", f"{PAGE_ID}/feed"):
            return Planned(200, {"data": [self._listed(one) for one in self.posts]})
        if (method, path) == ("GET", PAGE_ID):
            return Planned(200, {"name": "Alder & Finch", "id": PAGE_ID})
        if method == "DELETE" and self.posts.pop(path, None) is not None:
            return Planned(200, {"success": True})
        return error(100, subcode=33)

    def _listed(self, post_id: str) -> dict[str, Any]:
        attached = {"data": [{"unshimmed_url": self.posts[post_id]["link"]}]}
        return {"id": post_id, "attachments": attached}


@contextmanager
def graph_api() -> Iterator[Graph]:
    """The stand-in, served on a port of its own until the block ends."""
    graph = Graph()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode() or parts.query
            given = {name: values[0] for name, values in parse_qs(text).items()}
            path = parts.path.removeprefix("/v24.0/")
            assert TOKEN not in self.path, "a token in an address ends in logs"
            plan = graph.answer(self.command, path, given, self.headers.get("Authorization", ""))
            if plan.status is None:
                self.close_connection = True
                return
            body = json.dumps(plan.body).encode()
            self.send_response(plan.status)
            for name, value in plan.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    graph.url = f"http://127.0.0.1:{server.server_port}/v24.0"
    try:
        yield graph
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
