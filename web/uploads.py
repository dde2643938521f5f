"""Pictures that members send: more than other bodies may hold, on their own routes alone."""

from flask import Flask, request

from retail.opinions.pictures import MOST_BYTES, too_big

TAKES_PICTURES = frozenset({"opinions.ask"})
# What a form says beside its picture.
_REST = 256 * 1024
_CHUNK = 64 * 1024
# A browser that is still sending does not read its answer, so that much is let go by unread.
_MOST_LET_GO = 64 * 1024 * 1024


def register(app: Flask) -> None:
    """Set the limit before anything reads the body, as checks of it do."""
    app.before_request(_set_limit)


def _set_limit() -> None:
    if request.endpoint not in TAKES_PICTURES:
        return
    most = MOST_BYTES + _REST
    request.max_content_length = most
    if (request.content_length or 0) > most:
        _let_go(min(request.content_length or 0, _MOST_LET_GO))
        raise too_big()


def _let_go(left: int) -> None:
    body = request.environ["wsgi.input"]
    while left > 0 and (chunk := body.read(min(_CHUNK, left))):
        left -= len(chunk)
