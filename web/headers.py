"""Headers and request ids that every answer carries."""

import re
import secrets
import time
from functools import lru_cache

from flask import Flask, Response, g, request

from core import log
from web import metrics
from web.auth import settings

_CSP = (
    "default-src 'none'; script-src 'nonce-{nonce}'{more}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = (
    "accelerometer=(), camera=({camera}), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=()"
)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_EVERYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_UNLESS_GIVEN = (
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Permissions-Policy", _PERMISSIONS.format(camera="")),
)
_BEHIND_TLS = (("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),)
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def register(app: Flask) -> None:
    """Number every request, and finish every answer."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.context_processor(lambda: {"csp_nonce": g.get("csp_nonce", "")})


def identify(given: str) -> tuple[str, str]:
    """The id of a request, the client's own where it makes sense, and a nonce for its answer."""
    request_id = given if given and _REQUEST_ID.fullmatch(given) else secrets.token_hex(12)
    log.REQUEST_ID.set(request_id)
    return request_id, secrets.token_urlsafe(16)


def policy(nonce: str) -> str:
    """The content security policy of a page whose scripts carry this nonce."""
    return _CSP.format(nonce=nonce, more="")


def with_camera() -> dict[str, str]:
    """The headers of a page that may use the camera, and compile the reader it looks through."""
    return {
        "Content-Security-Policy": _CSP.format(nonce=g.csp_nonce, more=" 'wasm-unsafe-eval'"),
        "Permissions-Policy": _PERMISSIONS.format(camera="self"),
    }


@lru_cache(maxsize=64)
def common(given: frozenset[str], *, is_secure: bool) -> tuple[tuple[str, str], ...]:
    """What every answer carries besides the headers given, these by name in small letters."""
    return (
        *_EVERYWHERE,
        *((name, value) for name, value in _UNLESS_GIVEN if name.lower() not in given),
        *(_BEHIND_TLS if is_secure else ()),
    )


def _begin() -> None:
    g.request_id, g.csp_nonce = identify(request.headers.get("X-Request-Id", ""))
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    given = frozenset([name.lower() for name, _ in response.headers])
    response.headers.add("X-Request-Id", g.get("request_id", ""))
    response.headers.extend(common(given, is_secure=settings().is_secure))
    if "content-security-policy" not in given:
        response.headers.add("Content-Security-Policy", policy(g.get("csp_nonce", "")))
    _record(response)
    return response


def _record(response: Response) -> None:
    started = g.get("started", time.perf_counter())
    record(
        request.endpoint or "unmatched",
        request.method,
        response.status_code,
        started,
        is_whole=not response.is_streamed,
    )


def record(
    endpoint: str, method: str, status: int, started: float, *, is_whole: bool = True
) -> None:
    """Count and log an answer that began at `started` on the performance counter."""
    seconds = time.perf_counter() - started
    # Clients invent methods; each label would stay in memory for ever.
    known = method if method in _METHODS else "other"
    metrics.requests(endpoint, known, status // 100).inc()
    if is_whole:
        metrics.seconds(endpoint).observe(seconds)
    # The path can hold a token, so the endpoint's name stands for it.
    log.note(
        "request.answered",
        endpoint=endpoint,
        method=known,
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
