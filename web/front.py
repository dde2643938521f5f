"""Strangers' pages, answered before Flask wakes up: one glance at what they depend on, then the
page as it was rendered, with a nonce and a request id of its own.

A view offers its page with `keep`. Who brings a cookie or a credential is never answered here.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import request

from core import clock
from core.glance import Glance
from core.transaction import database
from web import headers

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
_OFFER = "swingtag.front"
_LARGEST = 512
_NONCE = re.compile(r"'nonce-([\w-]+)'")
_OWN = frozenset({"x-request-id", "content-security-policy"})


@dataclass(frozen=True)
class Page:
    """A page, and what it was made from: as long as that is the same, the page is."""

    endpoint: str
    what: Glance
    given: dict[str, str]
    stamp: tuple[Any, ...] | None
    until: datetime
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    nonce: str = ""


def keep(what: Glance, *, seconds: float, **given: str) -> tuple[Any, ...] | None:
    """Offer the page of this request to other strangers; call before anything is read for it.

    It serves for so many seconds at most, and only while the glance stays the same, which is
    returned.
    """
    stamp = database().glance(what, **given)
    until = clock.now() + timedelta(seconds=seconds)
    request.environ[_OFFER] = Page(request.endpoint or "", what, given, stamp, until)
    return stamp


class Front:
    """The application behind its kept pages."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application
        self._pages: OrderedDict[tuple[str, ...], Page] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer from what is kept, or ask the application."""
        if environ["REQUEST_METHOD"] != "GET" or not _is_stranger(environ):
            return self._application(environ, start_response)
        key = _key(environ)
        page = self._pages.get(key)
        if page is not None and page.until > clock.now():
            started = time.perf_counter()
            if database().glance(page.what, **page.given) == page.stamp:
                return _again(page, environ, start_response, started)
        return self._ask(key, environ, start_response)

    def _ask(self, key: tuple[str, ...], environ: Environ, start_response: Any) -> Iterable[bytes]:
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            said.append((status, given))
            return start_response(status, given, *rest)

        answer = self._application(environ, listen)
        offer: Page | None = environ.get(_OFFER)
        if offer is None or not said or not said[-1][0].startswith("200"):
            return answer
        body = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
        self._keep(key, offer, said[-1][1], body)
        return [body]

    def _keep(
        self, key: tuple[str, ...], offer: Page, said: list[tuple[str, str]], body: bytes
    ) -> None:
        names = {name.lower(): value for name, value in said}
        nonce = _NONCE.search(names.get("content-security-policy", ""))
        if nonce is None or "set-cookie" in names:
            return
        kept = tuple((name, value) for name, value in said if name.lower() not in _OWN)
        with self._lock:
            self._pages[key] = replace(offer, headers=kept, body=body, nonce=nonce[1])
            self._pages.move_to_end(key)
            while len(self._pages) > _LARGEST:
                self._pages.popitem(last=False)


def _is_stranger(environ: Environ) -> bool:
    return not (environ.get("HTTP_COOKIE") or environ.get("HTTP_AUTHORIZATION"))


def _key(environ: Environ) -> tuple[str, ...]:
    return (
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        environ.get("HTTP_HOST", ""),
    )


def _again(page: Page, environ: Environ, start_response: Any, started: float) -> list[bytes]:
    request_id, nonce = headers.identify(environ.get("HTTP_X_REQUEST_ID", ""))
    body = page.body.replace(page.nonce.encode(), nonce.encode())
    own = [("X-Request-Id", request_id), ("Content-Security-Policy", headers.policy(nonce))]
    start_response("200 OK", [*page.headers, *own])
    headers.record(page.endpoint, "GET", 200, started)
    return [body]
