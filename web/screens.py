"""Parts of screens in the shop, made and given again before Flask wakes up.

A part that was made, or that a view offered with `keep`, is given again while nothing happened
anywhere and the device is still let in, which is one glance. It is kept for the one browser that
asked for it, known by the hash of its cookie, and only where it tells of no person; for a second at
most. A part is made here where a maker knows how, for a screen that brings its token and nothing
else; whatever is out of the ordinary is left to Flask.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import request

from core import clock
from core.keys import keyed_hashes
from core.transaction import database
from retail.devices.queries import DEVICE_STAMP, TOKEN_PURPOSE
from web import headers, kept, language
from web.auth import settings
from web.devices import cookie_name, device_token
from web.kept import Environ, Offered, Store, Wsgi
from web.language import NotCast

# What no event tells, such as a new price, is seen this much later.
MOST = timedelta(seconds=1)
_OFFER = "swingtag.screens"
_OF_BODY = frozenset({"content-type", "content-length"})
# The headers that a made part has of its own.
_GIVEN = _OF_BODY | {"cache-control", "etag"}
# With these a screen brings more than its cookie, or asks for more than the part.
_MORE = ("QUERY_STRING", "HTTP_AUTHORIZATION")
_COOKIE = re.compile(r"([\w-]+)=(sd_[\w-]+)", re.ASCII)
_ETAG = re.compile(r'"[0-9a-f]*"')
_NO_ETAG = '""'


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
    if not is_plain or set(request.cookies) != {cookie_name(is_secure=settings().is_secure)}:
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


class Made(NamedTuple):
    """A part as its maker has it, and what was seen before it was made; kept where `until` says so,
    never where it tells of somebody."""

    endpoint: str
    stamp: tuple[Any, ...]
    body: bytes
    etag: str
    until: datetime | None


# Makes a part for the device whose token hashes to this; None where that is left to Flask, whether
# it is refused there or not. Raises NotCast likewise.
Maker = Callable[[str], Made | None]


class Screens:
    """The application behind the parts that screens were given a moment ago, and the makers of
    parts by their path."""

    def __init__(
        self, application: Wsgi, makers: Mapping[str, Maker], *, key: bytes, is_secure: bool
    ) -> None:
        self._application = application
        self._makers = makers
        self._key = key
        self._is_secure = is_secure
        self._parts: Store[Part] = Store()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer from what is kept, or ask the application."""
        if environ["REQUEST_METHOD"] != "GET" or not environ.get("HTTP_COOKIE"):
            return self._application(environ, start_response)
        key = _key(environ)
        part = self._parts.get(key)
        started = time.perf_counter()
        if part is not None and _is_one_etag(environ):
            if _stands(part):
                return _again(part, environ, start_response, started)
            self._parts.drop(key)
        made = self._make(key, environ)
        if made is not None:
            return _again(made, environ, start_response, started)
        return self._ask(key, environ, start_response)

    def _make(self, key: tuple[Any, ...], environ: Environ) -> Part | None:
        make = self._makers.get(environ["PATH_INFO"])
        token = self._token(environ) if make else None
        if make is None or token is None:
            return None
        token_hash = keyed_hashes(self._key, TOKEN_PURPOSE, token)[0]
        language.listen(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        try:
            until = clock.now() + MOST
            made = make(token_hash)
        except NotCast:
            return None
        finally:
            language.forget()
        if made is None:
            return None
        part = self._part(made, token_hash, until)
        if made.until is not None and part.until > clock.now():
            self._parts.put(key, part)
        return part

    def _token(self, environ: Environ) -> str | None:
        """The token of a screen that brings nothing else and asks for the part as it is."""
        is_plain = not any(environ.get(name) for name in _MORE)
        found = _COOKIE.fullmatch(environ["HTTP_COOKIE"]) if is_plain else None
        is_ours = found is not None and found[1] == cookie_name(is_secure=self._is_secure)
        return found[2] if found and is_ours and _is_one_etag(environ) else None

    def _part(self, made: Made, token_hash: str, until: datetime) -> Part:
        given = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(made.body))),
            ("Cache-Control", "private, no-cache"),
            ("ETag", f'"{made.etag}"'),
        )
        given += headers.common(_GIVEN, is_secure=self._is_secure)
        ends = min(until, made.until or until)
        return Part(made.endpoint, token_hash, made.stamp, ends, given, made.body, f'"{made.etag}"')

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


def _stands(part: Part) -> bool:
    if part.until <= clock.now():
        return False
    return database().glance(DEVICE_STAMP, token_hash=part.token_hash) == part.stamp


def _is_one_etag(environ: Environ) -> bool:
    """Whether what the browser has already is one part, if any: Flask reads lists of them."""
    return _ETAG.fullmatch(environ.get("HTTP_IF_NONE_MATCH", _NO_ETAG)) is not None


def _again(part: Part, environ: Environ, start_response: Any, started: float) -> list[bytes]:
    request_id, nonce = headers.identify(environ.get("HTTP_X_REQUEST_ID", ""))
    own = kept.own(request_id, nonce)
    if environ.get("HTTP_IF_NONE_MATCH") == part.etag:
        given = [one for one in part.headers if one[0].lower() not in _OF_BODY]
        start_response("304 NOT MODIFIED", [*given, *own])
        headers.record(part.endpoint, "GET", 304, started)
        return []
    start_response("200 OK", [*part.headers, *own])
    headers.record(part.endpoint, "GET", 200, started)
    return [part.body]
