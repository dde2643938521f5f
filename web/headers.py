"""Headers and request ids that every answer carries."""

import re
import secrets
import time

from flask import Flask, Response, g, request

from core import log
from web import metrics
from web.auth import settings

_CSP = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=(), web-share=(self)"
)
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_EVERYWHERE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", _PERMISSIONS),
)
_UNLESS_GIVEN = (("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"))
_HSTS = "max-age=63072000; includeSubDomains"
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def register(app: Flask) -> None:
    """Number every request, and finish every answer."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.context_processor(lambda: {"csp_nonce": g.get("csp_nonce", "")})


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(12)
    g.csp_nonce = secrets.token_urlsafe(16)
    g.started = time.perf_counter()
    log.REQUEST_ID.set(g.request_id)


def _finish(response: Response) -> Response:
    given = {name.lower() for name, _ in response.headers}
    response.headers.extend(
        [
            ("X-Request-Id", g.get("request_id", "")),
            *_EVERYWHERE,
            *((name, value) for name, value in _UNLESS_GIVEN if name.lower() not in given),
        ]
    )
    if "content-security-policy" not in given:
        response.headers.add("Content-Security-Policy", _CSP.format(nonce=g.get("csp_nonce", "")))
    if settings().is_secure:
        response.headers.add("Strict-Transport-Security", _HSTS)
    _record(response)
    return response


def _record(response: Response) -> None:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    endpoint = request.endpoint or "unmatched"
    # Clients invent methods; each label would stay in memory for ever.
    method = request.method if request.method in _METHODS else "other"
    metrics.requests(endpoint, method, response.status_code // 100).inc()
    if not response.is_streamed:
        metrics.seconds(endpoint).observe(seconds)
    # The path can hold a token, so the endpoint's name stands for it.
    log.note(
        "request.answered",
        endpoint=endpoint,
        method=method,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
