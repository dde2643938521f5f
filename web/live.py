"""Server-sent events: one reader per process tails the outbox and wakes the screens concerned.

A message names topics and nothing else; the screen then fetches its fragment again, with its own
rights. https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import structlog
from flask import Blueprint, Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.errors import Invalid, Unavailable
from core.outbox import Tail
from core.transaction import Database, database
from retail.accounts import sessions
from retail.accounts.sessions import topic_of
from retail.brands import queries as brands
from retail.devices.rules import topic_of as device_topic_of
from web import metrics
from web.auth import find_member, find_staff, guarded
from web.devices import find_device, is_still_let_in

log = structlog.get_logger()

POLL_SECONDS = 0.25
HEARTBEAT_SECONDS = 15
RETRY_MILLISECONDS = 2000
RETRY_AFTER_SECONDS = 10
MAX_TOPICS = 16
# What anyone may hear of that knows its id, and what only those whom it concerns.
OPEN_KINDS = ("outfit", "poll", "opinion", "board", "brand", "store", "link", "consent")
OWN_KINDS = ("member", "floor", "room", "kiosk")
_TOPIC = re.compile(rf"({'|'.join((*OPEN_KINDS, *OWN_KINDS))}):[0-9A-Za-z]{{1,32}}")
# Of these a stream ends with its device.
_OWN_TO_DEVICES = ("room:", "kiosk:")

live = guarded(Blueprint("live", __name__), by="anyone")


class Screen:
    """One open stream: the topics it waits for, and which changed since it last looked.

    `ends_with` is the topic after which it has nothing more to say: that of its member's session,
    or of its device.
    """

    def __init__(self, topics: frozenset[str], ends_with: str | None = None) -> None:
        self.topics = topics
        self.ends_with = ends_with
        self._changed: set[str] = set()
        self._condition = threading.Condition()
        self.is_closed = False

    def wake(self, topics: Iterable[str]) -> None:
        """Note that topics changed; several changes between two looks become one message."""
        with self._condition:
            self._changed.update(topics)
            self._condition.notify()

    def close(self) -> None:
        """Let the stream end, because the server stops or its member's session did."""
        with self._condition:
            self.is_closed = True
            self._condition.notify()

    def wait(self, timeout_seconds: float) -> list[str]:
        """The topics that changed; empty after the time without a change."""
        with self._condition:
            if not self._changed and not self.is_closed:
                self._condition.wait(timeout_seconds)
            changed = sorted(self._changed)
            self._changed.clear()
            return changed


class Switchboard:
    """All open streams of this process, and the one thread that reads events for them."""

    def __init__(self, max_streams: int) -> None:
        self._max_streams = max_streams
        self._screens: set[Screen] = set()
        self._lock = threading.Lock()
        self._reader: threading.Thread | None = None
        self._stopping = threading.Event()

    def open(self, topics: frozenset[str], ends_with: str | None = None) -> Screen:
        """A new stream. Raises Unavailable when the process carries as many as it may."""
        with self._lock:
            if self._stopping.is_set() or len(self._screens) >= self._max_streams:
                raise Unavailable(
                    "too_many_streams",
                    "Too many screens are live here. This one will try again by itself.",
                    retry_after_seconds=RETRY_AFTER_SECONDS,
                )
            if self._reader is None:
                self._reader = self._start(database())
            screen = Screen(topics, ends_with)
            self._screens.add(screen)
            metrics.STREAMS.set(len(self._screens))
            return screen

    def _start(self, source: Database) -> threading.Thread:
        # The tail begins before the first screen says hello: what happens after that is its to see.
        with source.read() as session:
            tail = Tail(session, clock.now())
        reader = threading.Thread(target=self._read, args=(source, tail), name="live", daemon=True)
        reader.start()
        return reader

    def leave(self, screen: Screen) -> None:
        """Forget a stream that ended."""
        with self._lock:
            self._screens.discard(screen)
            metrics.STREAMS.set(len(self._screens))

    def stop(self) -> None:
        """End every stream and refuse new ones, so that the server can stop."""
        self._stopping.set()
        with self._lock:
            for screen in self._screens:
                screen.close()
            reader = self._reader
        if reader is not None:
            reader.join()

    def _read(self, source: Database, tail: Tail) -> None:
        while not self._stopping.is_set():
            try:
                with source.read() as session:
                    changed = {t for e in tail.read(session, clock.now()) for t in e.topics}
                self._dispatch(changed)
            except SQLAlchemyError:
                log.warning("live.database_unreachable")
            source.bell.wait(POLL_SECONDS)

    def _dispatch(self, changed: set[str]) -> None:
        if not changed:
            return
        with self._lock:
            for screen in self._screens:
                if screen.ends_with in changed:
                    screen.close()
                elif concerned := screen.topics & changed:
                    screen.wake(concerned)


def register(app: Flask) -> None:
    """Give the application its switchboard."""
    app.extensions["switchboard"] = Switchboard(app.config["SETTINGS"].max_streams)
    app.register_blueprint(live)


def switchboard() -> Switchboard:
    """The switchboard of the running application."""
    board: Switchboard = current_app.extensions["switchboard"]
    return board


@live.get("/live")
def stream() -> Response:
    """Changes of the topics asked for, as long as the screen stays."""
    board, screen = switchboard(), _opened(_topics())
    response = Response(_messages(screen), content_type="text/event-stream")
    response.call_on_close(lambda: board.leave(screen))
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _opened(topics: frozenset[str]) -> Screen:
    ends_with, is_still_welcome = _guest(topics)
    screen = switchboard().open(topics, ends_with)
    # Asked once the screen listens: whose session ended, or was revoked, before is told no more.
    if not is_still_welcome():
        screen.close()
    return screen


def _guest(topics: frozenset[str]) -> tuple[str | None, Callable[[], bool]]:
    """The topic with which a stream ends, and whether who asked for it may still listen."""
    device, member = find_device(), find_member()
    if device is not None and any(topic.startswith(_OWN_TO_DEVICES) for topic in topics):
        return device_topic_of(device.id), is_still_let_in
    if member is not None:
        return topic_of(member.session_id), partial(_is_still_open, member.session_id)
    return None, lambda: True


def _is_still_open(session_id: str) -> bool:
    with database().read() as session:
        return sessions.is_session_open(session, session_id, now=clock.now())


def _topics() -> frozenset[str]:
    topics = frozenset(request.args.getlist("topic"))
    if not 1 <= len(topics) <= MAX_TOPICS or not all(_TOPIC.fullmatch(t) for t in topics):
        raise Invalid("topics_invalid", f"Ask for 1 to {MAX_TOPICS} topics such as board:<id>.")
    for kind, (own, sentence) in _OWN.items():
        asked = {topic for topic in topics if topic.startswith(f"{kind}:")}
        if asked and not asked <= own():
            raise Invalid("topics_invalid", sentence)
    return topics


def _of_member() -> set[str]:
    member = find_member()
    return {f"member:{member.id}"} if member else set()


def _of_staff() -> set[str]:
    """Of the stores where who is signed in at a tablet works, locked or not."""
    found = find_staff()
    if found is None:
        return set()
    with database().read() as session:
        stores = brands.list_stores(session, found.brand_id)
    return {f"floor:{store.id}" for store in stores if found.works_at(store.id)}


def _of_device() -> set[str]:
    found = find_device()
    return {f"room:{found.zone_id}", f"kiosk:{found.id}"} if found else set()


_SCREENS = "Only a room’s or kiosk’s own screens listen to it."
# When something happens between people, in a room, or to who comes in, is for them to know.
_OWN: dict[str, tuple[Callable[[], set[str]], str]] = {
    "member": (_of_member, "Nobody listens in on another member."),
    "floor": (_of_staff, "Only those who work in a store listen to its floor."),
    "room": (_of_device, _SCREENS),
    "kiosk": (_of_device, _SCREENS),
}


def _messages(screen: Screen) -> Iterator[bytes]:
    yield f"retry: {RETRY_MILLISECONDS}\nevent: hello\ndata: {{}}\n\n".encode()
    while not screen.is_closed:
        changed = screen.wait(HEARTBEAT_SECONDS)
        if changed:
            yield f"event: changed\ndata: {json.dumps({'topics': changed})}\n\n".encode()
        elif not screen.is_closed:
            yield b"event: heartbeat\ndata: {}\n\n"
    yield b"event: bye\ndata: {}\n\n"
