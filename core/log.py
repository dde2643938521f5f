"""JSON logs with request ids and pseudonyms; people, tokens and codes never appear in them."""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from core.ids import keyed_hash

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
_sink: TextIO | None = None


def configure(level: str, into: TextIO | None = None) -> None:
    """Send structured logs to standard error, one JSON object a line."""
    global _sink
    number = logging.getLevelNamesMapping()[level]
    _sink = (into or sys.stderr) if number <= logging.INFO else None
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _describe_exception,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(into or sys.stderr),
    )


def note(event: str, **values: Any) -> None:
    """What `log.info` would say, at a tenth of its price: for the line of every request."""
    if _sink is not None:
        values |= {
            "event": event,
            "level": "info",
            "request_id": REQUEST_ID.get(),
            "timestamp": datetime.now(UTC).isoformat(),
        }
        _sink.write(json.dumps(values) + "\n")
        _sink.flush()


def _name_request(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    request_id = REQUEST_ID.get()
    if request_id is not None:
        event["request_id"] = request_id
    return event


def _describe_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Where an exception came from, without its message.

    The message of a database error quotes the row that was refused: addresses, names, hashes.
    """
    raised = event.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["frames"] = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def pseudonym(key: bytes, subject: str) -> str:
    """A short name for somebody in logs: the same for the same id, useless without the key."""
    return keyed_hash(key, "log", subject)[:12]
