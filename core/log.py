"""JSON logs with request ids and pseudonyms; people, tokens and codes never appear in them."""

import logging
import sys

import structlog

from core.ids import keyed_hash


def configure(level: str) -> None:
    """Send structured logs to standard error, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def pseudonym(key: bytes, subject: str) -> str:
    """A short name for somebody in logs: the same for the same id, useless without the key."""
    return keyed_hash(key, "log", subject)[:12]
