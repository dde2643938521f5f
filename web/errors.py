"""Refusals as answers: the one place that maps an error's kind to a status.

The API answers with RFC 9457 problem documents, pages with a page that says what to do.
"""

from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from core.errors import SwingtagError
from web.language import put_into_words
from web.typed import typed

log = structlog.get_logger()

STATUS_OF_KIND = {
    "not_found": 404,
    "invalid": 422,
    "conflict": 409,
    "forbidden": 403,
    "unauthenticated": 401,
    "too_many": 429,
    "unavailable": 503,
}
PROBLEM_TYPE = "urn:swingtag:problem:"
# Forms that were refused for who sent them, not for what stood in them.
_SENT_BY_NOBODY = ("sign_in_required", "staff_sign_in_required", "page_outdated")
# Where nobody can know whose words to speak; every other title is the code in words.
_TITLES = {"outfit_not_found": "Not found", "piece_not_found": "Not found"}


def register(app: Flask) -> None:
    """Answer every error of the application here."""
    app.register_error_handler(SwingtagError, refusal)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def refusal(error: SwingtagError) -> Response:
    """The refusal as an answer; for views that refuse and yet keep what they wrote."""
    headers = {}
    if "retry_after_seconds" in error.data:
        headers["Retry-After"] = str(error.data["retry_after_seconds"])
    status = STATUS_OF_KIND[error.kind]
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="swingtag"'
    put_into_words(error)
    return _answer(status, error.code, error.detail, error.data, headers)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        return _answer(413, "body_too_large", _("That is more than we take at once."), {}, {})
    messages = getattr(error, "data", {}).get("messages")
    if status == 422 and messages is not None:
        fields = _flatten(messages)
        return _answer(422, "input_invalid", _("Some fields need another look."), fields, {})
    if isinstance(error, RequestRedirect) or error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    if isinstance(error, CSRFError):
        said = _("This page is from before you last signed in or out. Open it again, then send it.")
        return _answer(status, "page_outdated", said, {}, {})
    if status == 400 and request.is_json:
        return _answer(400, "json_malformed", _("The body is not valid JSON."), {}, {})
    code = error.name.lower().replace(" ", "_")
    headers = {
        name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    }
    return _answer(status, code, error.description or error.name, {}, headers)


def _unexpected(error: Exception) -> Response:
    log.exception("request.failed", exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return _answer(
        500, "internal_error", _("Something broke on our side. Please try again."), {}, {}
    )


def _flatten(messages: Any) -> dict[str, Any]:
    """marshmallow's messages by location, as one mapping of field path to sentences."""
    fields: dict[str, list[str]] = {}

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, f"{path}.{name}" if path else str(name))
        else:
            fields[path] = [str(sentence) for sentence in value]

    for location in messages.values() if isinstance(messages, dict) else ():
        walk(location, "")
    return {"fields": fields}


def _answer(
    status: int, code: str, detail: str, data: dict[str, Any], headers: dict[str, str]
) -> Response:
    if request.path.startswith("/api/"):
        problem = {
            "type": PROBLEM_TYPE + code,
            "title": _TITLES.get(code) or _(code.replace("_", " ").capitalize()),
            "status": status,
            "detail": str(detail),
            "instance": f"urn:swingtag:request:{g.get('request_id', '')}",
            **data,
        }
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    else:
        said = {"status": status, "code": code, "detail": detail, "data": data}
        again = typed() if code in _SENT_BY_NOBODY else None
        response = Response(
            render_template("errors/error.html", **said, typed=again),
            content_type="text/html; charset=utf-8",
        )
    response.status_code = status
    response.headers.update(headers)
    return response
