"""Forms that come back: what was typed stays, and what is wrong stands beside it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response

from core.errors import Conflict, Forbidden, Invalid, SwingtagError, TooMany, Unavailable
from web.errors import STATUS_OF_KIND
from web.language import put_into_words

View = Callable[..., Any]


def shown_again(show: View) -> Callable[[View], View]:
    """Answer a refusal of the view with `show(error=…)`, given the same arguments.

    A refusal may also be returned instead of raised, by views whose writes must stay although
    they refuse. The decorator stands outside `@write`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(**arguments: Any) -> Any:
            try:
                answer = view(**arguments)
            except (Conflict, Forbidden, Invalid, TooMany, Unavailable) as error:
                answer = error
            if isinstance(answer, SwingtagError):
                return _refused(answer, show(error=put_into_words(answer), **arguments))
            return answer

        return wrapper

    return decorate


def _refused(error: SwingtagError, page: Any) -> Response:
    response = make_response(page)
    response.status_code = STATUS_OF_KIND[error.kind]
    if "retry_after_seconds" in error.data:
        response.headers["Retry-After"] = str(error.data["retry_after_seconds"])
    return response
