"""What can go wrong by rule. An error has a kind; the web maps kinds to statuses in one place."""

from typing import Any


class SwingtagError(Exception):
    """A refusal with a stable `code`, a sentence for people, and data for machines."""

    kind = "error"

    def __init__(self, code: str, detail: str, **data: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.data = data


class NotFound(SwingtagError):
    """Absent, private, blocked and withdrawn alike, so that none can be told from another."""

    kind = "not_found"


class Invalid(SwingtagError):
    """The input makes no sense; `fields` in the data names what is wrong where."""

    kind = "invalid"


class Conflict(SwingtagError):
    """The input makes sense but contradicts what is already recorded."""

    kind = "conflict"


class Forbidden(SwingtagError):
    """Known, but not allowed to do this."""

    kind = "forbidden"


class Unauthenticated(SwingtagError):
    """Nobody is signed in, or the credential is not valid."""

    kind = "unauthenticated"


class Unavailable(SwingtagError):
    """This process cannot take it on now; `retry_after_seconds` in the data says when to ask."""

    kind = "unavailable"


class TooMany(SwingtagError):
    """A limit was reached; `retry_after_seconds` in the data says when to come back."""

    kind = "too_many"
