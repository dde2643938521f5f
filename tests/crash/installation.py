"""A real web server and a real worker on a test's database, to be killed and started again."""

import http.client
import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.clock import SystemClock
from core.transaction import Database
from tests.conftest import KEY
from tests.crash import entrances
from tests.processes import PATIENCE_SECONDS, Offspring, free_port

Manner = Callable[..., None]
CAREFUL: Mapping[str, Manner] = {"web": entrances.web, "worker": entrances.worker}


class Installation:
    """Web and worker as processes of their own, whose clocks show `at` at the start.

    `manners` say how each begins.
    """

    def __init__(
        self,
        db: Database,
        folder: Path,
        *,
        at: datetime,
        manners: Mapping[str, Manner] = CAREFUL,
        redis_url: str | None = None,
    ) -> None:
        self._offset = at - SystemClock().now()
        self.port = free_port()
        self._manners = manners
        self._environment = {
            **os.environ,
            "ENVIRONMENT": "test",
            "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
            "REDIS_URL": redis_url or "",
            "SECRET_KEY": KEY.decode(),
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "DATA_DIR": str(folder),
            "RATE_LIMITS": "no",
            "LOG_LEVEL": "WARNING",
        }
        self._running: dict[str, Offspring] = {}

    def __enter__(self) -> "Installation":
        for name in self._manners:
            self.start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.kill()

    def start(self, name: str) -> None:
        """Start `web` or `worker`."""
        clock = {"CLOCK_OFFSET_SECONDS": str(round(self._offset.total_seconds()))}
        self._running[name] = Offspring(self._manners[name], self._environment | clock, self.port)

    def let_time_pass(self, by: timedelta) -> None:
        """Let whoever starts from now on find it so much later."""
        self._offset += by

    def kill(self, name: str) -> None:
        """kill -9, without a word, and every child with it."""
        self._running[name].kill()


class Client:
    """A phone that repeats a request until it is answered, however often the server dies.

    `forgives` tells whether a server error is repeated like silence.
    """

    def __init__(self, port: int, token: str, *, forgives: bool = False) -> None:
        self._forgives = forgives
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}"}
        self._pause = threading.Event()

    def send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        may_be_refused: bool = False,
    ) -> dict[str, Any]:
        """The answer. Raises AssertionError for a refusal, TimeoutError when nothing comes.

        `key` makes every repetition the same request. A refusal that may be is answered, too.
        """
        sent = None if body is None else json.dumps(body)
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        headers |= {"Content-Type": "application/json"} if sent else {}
        accepted = {200, 201, 409} if may_be_refused else {200, 201}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=PATIENCE_SECONDS
            )
            try:
                connection.request(method, path, sent, headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status < 500 or not self._forgives:
                    assert answer.status in accepted, (answer.status, text)
                    return dict(json.loads(text))
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            self._pause.wait(0.05)
        raise TimeoutError(path)


class Progress:
    """How many taps were answered; killer and tills wait for the next part of them."""

    def __init__(self) -> None:
        self._count = 0
        self._is_over = False
        self._changed = threading.Condition()

    def add(self) -> None:
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def end(self) -> None:
        """Let nobody wait for taps that will not come."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_over or self._count >= count, PATIENCE_SECONDS)
            assert self._count >= count
