"""Doorbells: a commit rings, who waits looks sooner. A lost ring costs one poll."""

import threading
import time
from typing import Protocol

import redis
import structlog

log = structlog.get_logger()

CHANNEL = "swingtag:bell"
QUIET_SECONDS = 5


class Bell(Protocol):
    """Rung after commits; `wait` returns when rung or when the time is up."""

    def ring(self) -> None: ...

    def wait(self, timeout_seconds: float) -> None: ...


class LocalBell:
    """A doorbell within one process."""

    def __init__(self) -> None:
        self._condition = threading.Condition()

    def ring(self) -> None:
        with self._condition:
            self._condition.notify_all()

    def wait(self, timeout_seconds: float) -> None:
        with self._condition:
            self._condition.wait(timeout_seconds)


class RedisBell(LocalBell):
    """A doorbell across processes. Redis carries no content; where it fails, polling serves."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._listening = False
        self._quiet_until = 0.0
        self._starting = threading.Lock()

    def ring(self) -> None:
        super().ring()
        # Every commit rings: an absent Redis must not make every commit wait for its timeout.
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._client.publish(CHANNEL, b"")
        except redis.RedisError:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("bell.redis_unreachable")

    def wait(self, timeout_seconds: float) -> None:
        with self._starting:
            if not self._listening:
                self._listening = True
                threading.Thread(target=self._listen, name="bell", daemon=True).start()
        super().wait(timeout_seconds)

    def _listen(self) -> None:
        pause = threading.Event()
        while True:
            try:
                subscription = self._client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
                subscription.subscribe(CHANNEL)
                while True:
                    if subscription.get_message(timeout=4) is not None:
                        super().ring()
            except redis.RedisError:
                pause.wait(1)


def new_bell(redis_url: str | None) -> Bell:
    """The bell for this installation: across processes where Redis is configured."""
    return RedisBell(redis_url) if redis_url else LocalBell()
