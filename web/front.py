"""Strangers' pages, answered before Flask wakes up.

A page that a view offered with `keep` is given again after one glance at what it depends on, with
a nonce and a request id of its own. A page that nobody opened yet is made here where a maker knows
how; whatever is out of the ordinary is left to Flask. Who brings a cookie or a credential is never
answered here.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import request

from core import clock
from core.errors import NotFound
from core.glance import Glance
from core.transaction import database
from web import headers, kept, language
from web.kept import Environ, Offered, Store, Wsgi
from web.language import NotCast

_OFFER = "swingtag.front"
_NONCE = re.compile(r"'nonce-([\w-]+)'")
_HTML = ("Content-Type", "text/html; charset=utf-8")


class Made(NamedTuple):
    """A page for strangers as its maker has it, and what it was made from."""

    endpoint: str
    what: Glance
    given: dict[str, str]
    stamp: tuple[Any, ...]
    seconds: float
    headers: tuple[tuple[str, str], ...]
    body: str


# Makes the page of what stands behind a prefix, with the query and a nonce. Raises NotFound, and
# NotCast where Flask has to make it first.
Maker = Callable[[str, str, str], Made]


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


def keep(
    what: Glance, stamp: tuple[Any, ...] | None = None, *, seconds: float, **given: str
) -> None:
    """Offer the page of this request to other strangers.

    It serves for so many seconds at most, and only while the glance stays the same. The stamp is
    what the glance saw before anything was read for the page, by default what it sees now.
    """
    stamp = stamp or database().glance(what, **given)
    until = clock.now() + timedelta(seconds=seconds)
    request.environ[_OFFER] = Page(request.endpoint or "", what, given, stamp, until)


class Front:
    """The application behind its kept pages, and its makers by the prefix of what they make."""

    def __init__(self, application: Wsgi, makers: Mapping[str, Maker], *, is_secure: bool) -> None:
        self._application = application
        self._makers = tuple(makers.items())
        self._is_secure = is_secure
        self._pages: Store[Page] = Store()

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
        return self._make(key, environ, start_response) or self._ask(key, environ, start_response)

    def _make(
        self, key: tuple[str, ...], environ: Environ, start_response: Any
    ) -> list[bytes] | None:
        path = key[0]
        maker = next((maker for prefix, maker in self._makers if path.startswith(prefix)), None)
        if maker is None:
            return None
        started = time.perf_counter()
        request_id, nonce = headers.identify(environ.get("HTTP_X_REQUEST_ID", ""))
        language.listen(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        try:
            made = maker(path, key[1], nonce)
        except (NotFound, NotCast):
            return None
        finally:
            language.forget()
        body = made.body.encode()
        given = [_HTML, ("Content-Length", str(len(body))), *made.headers]
        names = frozenset([name.lower() for name, _ in given])
        given += headers.common(names, is_secure=self._is_secure)
        page = Page(
            made.endpoint,
            made.what,
            made.given,
            made.stamp,
            clock.now() + timedelta(seconds=made.seconds),
            tuple(given),
            body,
            nonce,
        )
        self._pages.put(key, page)
        start_response("200 OK", [*page.headers, *kept.own(request_id, nonce)])
        headers.record(page.endpoint, "GET", 200, started)
        return [body]

    def _ask(self, key: tuple[str, ...], environ: Environ, start_response: Any) -> Iterable[bytes]:
        answer, offered = kept.ask(self._application, environ, start_response, _OFFER)
        if offered is not None:
            self._keep(key, offered)
        return answer

    def _keep(self, key: tuple[str, ...], offered: Offered) -> None:
        names = {name.lower(): value for name, value in offered.headers}
        nonce = _NONCE.search(names.get("content-security-policy", ""))
        if nonce is None or "set-cookie" in names:
            return
        page: Page = offered.offer
        how = {"headers": kept.shared(offered.headers), "body": offered.body, "nonce": nonce[1]}
        self._pages.put(key, replace(page, **how))


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
    start_response("200 OK", [*page.headers, *kept.own(request_id, nonce)])
    headers.record(page.endpoint, "GET", 200, started)
    return [body]
