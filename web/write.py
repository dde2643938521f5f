"""The edge where a request's transaction begins and ends.

`@write` opens one transaction around a view and commits it once, with the idempotency row when
the client sent an `Idempotency-Key`; `@read` opens one consistent view of the data. Either hands
the session to the view as its first argument, so that nothing below needs to find it.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from sqlalchemy.orm import Session

from core import clock, replay
from core.errors import Invalid
from core.glance import Glance, Glances
from core.transaction import database
from web.auth import member_id, principal

View = Callable[..., Any]
MAX_KEY_LENGTH = 120


def read(view: View) -> View:
    """Give the view a session that sees one moment of the data."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with database().read() as session:
            return view(session, *args, **kwargs)

    return wrapper


def read_in_parts(view: View) -> View:
    """Like `read`, for a view that answers with a stream: its session is open until the end."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with ExitStack() as stack:
            session = stack.enter_context(database().read())
            response = make_response(view(session, *args, **kwargs))
            response.call_on_close(stack.pop_all().close)
            return response

    return wrapper


def glance(what: Glance, **given: str) -> tuple[Any, ...] | None:
    """One row as of now, for pages that first ask whether anything changed."""
    return database().glance(what, **given)


def glances() -> Glances:
    """Several glances over one connection, for pages that read much and often."""
    return database().glances()


def write(view: View) -> View:
    """Run the view in one transaction; a repeated `Idempotency-Key` gets the stored answer."""
    return _writing(view, stores_answer=True)


def write_rebuilt(view: View) -> View:
    """Like `write` for answers that hold secrets: a repeat runs the view again.

    Only for views whose effect is unique by the content itself, such as a receipt by its number;
    the key still refuses another body.
    """
    return _writing(view, stores_answer=False)


def key_sent() -> str:
    """The `Idempotency-Key` of a request that has to have one. Raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        sentence = "Send an Idempotency-Key, so that a repeat takes no second one."
        raise Invalid("idempotency_key_missing", sentence)
    return key


def write_then(answer: Callable[[Any], tuple[Any, int]]) -> Callable[[View], View]:
    """Like `write_rebuilt`, for what may come after the commit only: `answer` makes the reply.

    It gets what the view gives, with nothing open any more, and gives a body and its status.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            key = request.headers.get("Idempotency-Key")
            with database().write() as session:
                before = None if key is None else _begin(session, key)
                given = view(session, *args, **kwargs)
                if key is not None and before is None:
                    replay.finish(session, scope=_scope(), key=key, status=200, body=None)
            replayed = {} if before is None else {"Idempotent-Replayed": "true"}
            return (*answer(given), replayed)

        wrapper.takes_idempotency_key = True  # type: ignore[attr-defined]
        return wrapper

    return decorate


def _writing(view: View, *, stores_answer: bool) -> View:
    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key")
        with database().write() as session:
            if key is None:
                return view(session, *args, **kwargs)
            return _once(session, key, stores_answer, lambda: view(session, *args, **kwargs))

    wrapper.takes_idempotency_key = True  # type: ignore[attr-defined]
    return wrapper


def _once(session: Session, key: str, stores_answer: bool, call: Callable[[], Any]) -> Response:
    answer = _begin(session, key)
    if answer is not None and answer.body is not None:
        return Response(
            answer.body,
            status=answer.status,
            content_type="application/json",
            headers={"Idempotent-Replayed": "true"},
        )
    response = make_response(call())
    if answer is None:
        body = response.get_data(as_text=True) if stores_answer else None
        replay.finish(session, scope=_scope(), key=key, status=response.status_code, body=body)
    else:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _begin(session: Session, key: str) -> replay.Answer | None:
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= MAX_KEY_LENGTH:
        raise Invalid(
            "idempotency_key_malformed",
            f"Idempotency-Key must be 1 to {MAX_KEY_LENGTH} printable ASCII characters.",
        )
    return replay.begin(
        session,
        scope=_scope(),
        key=key,
        fingerprint=_fingerprint(),
        now=clock.now(),
        owner_id=member_id(),
    )


def _scope() -> str:
    return hashlib.sha256(f"{principal()} {request.method} {request.path}".encode()).hexdigest()


def _fingerprint() -> str:
    """The body's hash; JSON that means the same hashes the same."""
    body = request.get_data(cache=True)
    if request.is_json:
        parsed = request.get_json(silent=True)
        if parsed is not None:
            body = json.dumps(parsed, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(body).hexdigest()
