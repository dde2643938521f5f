"""Headers and request ids that every answer carries."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

from core.ids import new_id
from web import metrics
from web.auth import settings

log = structlog.get_logger()

_CSP = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PERMISSIONS = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), payment=(), usb=(), web-share=(self)"
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def register(app: Flask) -> None:
    """Number every request, and finish every answer."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.context_processor(lambda: {"csp_nonce": g.get("csp_nonce", "")})


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else new_id()
    g.csp_nonce = secrets.token_urlsafe(16)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-Id"] = g.get("request_id", "")
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = _PERMISSIONS
    headers.setdefault("Content-Security-Policy", _CSP.format(nonce=g.get("csp_nonce", "")))
    headers.setdefault("Cache-Control", "no-store")
    if settings().is_secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    _record(response)
    return response


def _record(response: Response) -> None:
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    endpoint = request.endpoint or "unmatched"
    metrics.REQUESTS.labels(endpoint, request.method, response.status_code // 100).inc()
    if not response.is_streamed:
        metrics.SECONDS.labels(endpoint).observe(seconds)
    # The path can hold a token, so the endpoint's name stands for it.
    log.info(
        "request.answered",
        endpoint=endpoint,
        method=request.method,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
