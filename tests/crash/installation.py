"""A real web server and a real worker on a test's database, to be killed and started again."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from core.clock import SystemClock
from core.transaction import Database
from tests.conftest import KEY, ROOT

PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """Web and worker as processes of their own, whose clocks show `at` at the start."""

    def __init__(self, db: Database, folder: Path, *, at: datetime) -> None:
        offset = round((at - SystemClock().now()).total_seconds())
        self.port = free_port()
        self._environment = {
            **os.environ,
            "ENVIRONMENT": "test",
            "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
            "SECRET_KEY": KEY.decode(),
            "PUBLIC_URL": f"http://localhost:{self.port}",
            "DATA_DIR": str(folder),
            "RATE_LIMITS": "no",
            "LOG_LEVEL": "WARNING",
            "CLOCK_OFFSET_SECONDS": str(offset),
        }
        web = ("gunicorn", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread")
        self._commands = {
            "web": (*web, "--threads", "16", "--log-level", "critical", "app:create_app()"),
            "worker": ("flask", "--app", "app", "worker"),
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str) -> None:
        """Start `web` or `worker`, in a process group of its own."""
        self._running[name] = subprocess.Popen(
            [sys.executable, "-m", *self._commands[name]],
            cwd=ROOT,
            env=self._environment,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        """kill -9, without a word, and every child with it."""
        process = self._running[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Kill what still runs."""
        for name, process in self._running.items():
            if process.poll() is None:
                self.kill(name)


class Client:
    """A phone that repeats a request until it is answered, however often the server dies."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}"}
        self._pause = threading.Event()

    def send(self, method: str, path: str) -> dict[str, Any]:
        """The answer. Raises AssertionError for a refusal, TimeoutError after a minute."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
            try:
                connection.request(method, path, headers=self._headers)
                answer = connection.getresponse()
                body = answer.read()
                assert answer.status == 200, (answer.status, body)
                return dict(json.loads(body))
            except (OSError, http.client.HTTPException):
                self._pause.wait(0.05)
            finally:
                connection.close()
        raise TimeoutError(path)
