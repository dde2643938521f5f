"""Parts of screens in the shop, given again before Flask wakes up.

A view that offered its part with `keep` is not asked again while nothing happened anywhere and the
device is still let in, which is one glance. A part is kept for the one browser that asked for it,
known by the hash of its cookie, and only where it tells of no person; for a second at most.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask import request

from core import clock
from core.keys import keyed_hashes
from core.transaction import database
from retail.devices.queries import DEVICE_STAMP, TOKEN_PURPOSE
from web import headers, kept
from web.auth import settings
from web.devices import cookie_name, device_token
from web.kept import Environ, Offered, Store, Wsgi

# What no event tells, such as a new price, is seen this much later.
MOST = timedelta(seconds=1)
_OFFER = "swingtag.screens"
_OF_BODY = frozenset({"content-type", "content-length"})


@dataclass(frozen=True)
class Part:
    """A part, and what was seen before it was made: as long as that is the same, the part is."""

    endpoint: str
    token_hash: str
    stamp: tuple[Any, ...]
    until: datetime
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    etag: str = ""


def watch() -> Part | None:
    """What is seen before anything is read for the part of this request.

    None where it cannot be kept: the browser brings more than its device, or asks for more.
    """
    is_plain = not (request.query_string or "Authorization" in request.headers)
    if not is_plain or set(request.cookies) != {cookie_name()}:
        return None
    token_hash = keyed_hashes(settings().key, TOKEN_PURPOSE, device_token() or "")[0]
    stamp = database().glance(DEVICE_STAMP, token_hash=token_hash)
    if stamp is None:
        return None
    return Part(request.endpoint or "", token_hash, stamp, clock.now() + MOST)


def keep(seen: Part | None, *, until: datetime | None = None) -> None:
    """Offer the part of this request, which tells of nobody, to the same screen until an instant.

    It was made after `seen`.
    """
    if seen is not None:
        request.environ[_OFFER] = replace(seen, until=min(seen.until, until or seen.until))


class Screens:
    """The application behind the parts that screens were given a moment ago."""

    def __init__(self, application: Wsgi) -> None:
        self._application = application
        self._parts: Store[Part] = Store()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer from what is kept, or ask the application."""
        if environ["REQUEST_METHOD"] != "GET" or not environ.get("HTTP_COOKIE"):
            return self._application(environ, start_response)
        key = _key(environ)
        part = self._parts.get(key)
        if part is None or environ.get("HTTP_IF_NONE_MATCH", part.etag) != part.etag:
            return self._ask(key, environ, start_response)
        started = time.perf_counter()
        is_due = part.until > clock.now()
        if is_due and database().glance(DEVICE_STAMP, token_hash=part.token_hash) == part.stamp:
            return _again(part, environ, start_response, started)
        self._parts.drop(key)
        return self._ask(key, environ, start_response)

    def _ask(self, key: tuple[Any, ...], environ: Environ, start_response: Any) -> Iterable[bytes]:
        answer, offered = kept.ask(self._application, environ, start_response, _OFFER)
        if offered is not None:
            self._keep(key, offered)
        return answer

    def _keep(self, key: tuple[Any, ...], offered: Offered) -> None:
        names = {name.lower(): value for name, value in offered.headers}
        part: Part = offered.offer
        if "set-cookie" in names or part.until <= clock.now():
            return
        given = kept.shared(offered.headers)
        self._parts.put(key, replace(part, headers=given, body=offered.body, etag=names["etag"]))


def _key(environ: Environ) -> tuple[Any, ...]:
    return (
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("HTTP_AUTHORIZATION", ""),
        hashlib.sha256(environ["HTTP_COOKIE"].encode()).digest(),
    )


def _again(part: Part, environ: Environ, start_response: Any, started: float) -> list[bytes]:
    request_id, nonce = headers.identify(environ.get("HTTP_X_REQUEST_ID", ""))
    own = kept.own(request_id, nonce)
    if "HTTP_IF_NONE_MATCH" in environ:
        given = [one for one in part.headers if one[0].lower() not in _OF_BODY]
        start_response("304 NOT MODIFIED", [*given, *own])
        headers.record(part.endpoint, "GET", 304, started)
        return []
    start_response("200 OK", [*part.headers, *own])
    headers.record(part.endpoint, "GET", 200, started)
    return [part.body]
