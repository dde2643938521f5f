"""What no view should have to think of: text that no database keeps, and bodies without a bottom.

PostgreSQL stores no NUL, and half of a surrogate pair has no UTF-8; either would end in a
server error wherever it reached a statement.
"""

from collections.abc import Iterator
from typing import Any

from flask import Flask, request

from core.errors import Invalid, NotFound
from web.auth import SAFE_METHODS


def register(app: Flask) -> None:
    """Judge every request before anything else reads it."""
    app.before_request(_refuse_the_unstorable)


def _refuse_the_unstorable() -> None:
    if not _is_storable(request.path):
        raise NotFound("page_not_found", "This page isn’t here.")
    if request.method in SAFE_METHODS and not request.query_string:
        return
    texts = list(_pairs(request.args.items(multi=True)))
    if request.method not in SAFE_METHODS:
        # First as bytes: a body read as a form could not be read as bytes any more.
        request.get_data(cache=True)
        texts += _json_texts() if request.is_json else _pairs(request.form.items(multi=True))
    if not all(_is_storable(text) for text in texts):
        raise Invalid(
            "text_unstorable", "There is a NUL or half of a surrogate pair in it. Leave that out."
        )


def _json_texts() -> Iterator[str]:
    """Every text in a JSON body; raises Invalid where it is nested beyond reading."""
    try:
        waiting: list[Any] = [request.get_json(silent=True)]
    except RecursionError:
        raise Invalid("body_too_deep", "This JSON is nested too deeply.") from None
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _pairs(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        yield name
        yield value


def _is_storable(text: str) -> bool:
    return "\x00" not in text and (
        text.isascii() or not any("\ud800" <= c <= "\udfff" for c in text)
    )
