"""Batches of reads from readers, answered before Flask wakes up.

Readers send more often than anybody else asks, and mostly say that everything is where it was. A
batch is heard here where its reader brings its token and nothing else; whatever is out of the
ordinary, and whatever is refused, is left to Flask.
"""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from io import BytesIO
from typing import Any

import structlog

from connectors.readers.batch import NotABatch, parse_batch
from core import clock
from core.config import Settings
from core.errors import SwingtagError
from core.transaction import database
from retail.devices import queries, rules
from retail.devices.queries import DeviceView
from retail.journeys.floor.see_tags import Seen, SeenTags
from retail.journeys.floor.see_tags import see_tags as see
from web import epcis, headers, kept, limits, metrics
from web.devices import is_to_note, token_in
from web.kept import Environ, Wsgi

log = structlog.get_logger()

PATH, ENDPOINT = "/api/v1/tag-reads", "tag_reads.see_tags"
_MOST_BYTES = 1024 * 1024
# With these a request is more than a reader's token and its batch.
_MORE = ("QUERY_STRING", "HTTP_COOKIE", "HTTP_IDEMPOTENCY_KEY", "HTTP_TRANSFER_ENCODING")
_JSON = ("Content-Type", "application/json")


def hear(session: Any, device: DeviceView, body: bytes, told: Settings) -> Seen:
    """What comes of what a reader sent. Raises NotABatch, and Invalid for too many reads."""
    batch = parse_batch(body)
    quiet = timedelta(seconds=told.room_quiet_seconds)
    given: dict[str, Any] = {"now": clock.now(), "quiet": quiet, "key": told.key}
    return see(session, device, batch.reads, **given, unreadable=batch.unreadable)


def count(seen: SeenTags) -> SeenTags:
    """Have the metrics tell what came of reads; gives the same."""
    for outcome, number in asdict(seen).items():
        metrics.tag_reads(outcome).inc(number)
    return seen


class Readers:
    """The application behind what readers send."""

    def __init__(self, application: Wsgi, told: Settings, extensions: Mapping[str, Any]) -> None:
        self._application = application
        self._settings = told
        self._extensions = extensions

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Hear a reader, or ask the application."""
        token = _token(environ) if environ["PATH_INFO"] == PATH else None
        if token is None:
            return self._application(environ, start_response)
        started = time.perf_counter()
        body = _body(environ)
        seen = self._hear(token, body) if _is_storable(body) else None
        if seen is None:
            return self._application(environ, start_response)
        epcis.tell(self._extensions["epcis"], seen.arrivals)
        answer = _answer(count(seen.counts))
        own = kept.own(*headers.identify(environ.get("HTTP_X_REQUEST_ID", "")))
        given = (_JSON, ("Content-Length", str(len(answer))))
        names = frozenset({"content-type", "content-length"})
        common = headers.common(names, is_secure=self._settings.is_secure)
        start_response("200 OK", [*given, *common, *own])
        headers.record(ENDPOINT, "POST", 200, started)
        return [answer]

    def _hear(self, token: str, body: bytes) -> Seen | None:
        try:
            return self._heard(token, body)
        except (NotABatch, SwingtagError, RecursionError):
            # Flask says why, and in which words.
            return None
        except Exception as error:  # noqa: BLE001 (Flask hears it again, and may well succeed)
            log.warning("readers.left_to_flask", error=type(error).__name__)
            return None

    def _heard(self, token: str, body: bytes) -> Seen | None:
        with database().glances() as ask:
            device = queries.glance_at_device(ask, token, key=self._settings.key)
        if device is None or device.role != rules.READER or is_to_note(device, now=clock.now()):
            return None
        limiter = self._extensions["rate_limiter"]
        if not limits.admits(limiter, limits.TAG_BATCHES, "see_tags", f"device:{device.id}"):
            return None
        with database().write() as session:
            return hear(session, device, body, self._settings)


def _answer(seen: SeenTags) -> bytes:
    return f"{json.dumps(asdict(seen), separators=(',', ':'), sort_keys=True)}\n".encode()


def _token(environ: Environ) -> str | None:
    """The token of a reader that sends JSON of a sensible size and brings nothing else."""
    is_plain = environ["REQUEST_METHOD"] == "POST" and not any(map(environ.get, _MORE))
    size, kind = environ.get("CONTENT_LENGTH", ""), environ.get("CONTENT_TYPE", "")
    is_small = size.isascii() and size.isdigit() and int(size) <= _MOST_BYTES
    if not (is_plain and is_small and kind == "application/json"):
        return None
    return token_in(environ.get("HTTP_AUTHORIZATION"))


def _body(environ: Environ) -> bytes:
    """What was sent, which whoever comes after finds as it was."""
    body: bytes = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _is_storable(body: bytes) -> bool:
    """Whether no text in it can be one that no database keeps; Flask reads what has escapes."""
    return b"\\u" not in body and b"\x00" not in body
