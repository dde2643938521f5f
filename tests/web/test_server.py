"""The real server process: it starts from the environment alone and says goodbye when stopped."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.transaction import Database
from tests.conftest import ROOT


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def connect(port: int) -> socket.socket:
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=10)
        except ConnectionRefusedError:
            assert time.monotonic() < deadline


def environment(db: Database, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path),
    }


def gunicorn(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "8"),
        *("--worker-class", "gthread", "--graceful-timeout", "30", "--log-level", "warning"),
        *("--config", "python:web.gunicorn_hooks", "app:create_app()"),
    ]


@pytest.fixture
def server(db: Database, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server on a port of its own."""
    port = free_port()
    process = subprocess.Popen(gunicorn(port), cwd=ROOT, env=environment(db, tmp_path))
    yield process, port
    process.kill()
    process.wait()


def test_a_stopped_server_ends_its_streams_and_leaves_at_once(
    server: tuple[subprocess.Popen[bytes], int],
) -> None:
    process, port = server
    with connect(port) as screen:
        screen.sendall(b"GET /live?topic=store:3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = b""
        while b"event: hello" not in heard:
            heard += screen.recv(4096)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        while chunk := screen.recv(4096):
            heard += chunk
        assert b"event: bye" in heard
    assert process.wait(10) == 0
    assert time.monotonic() - asked < 10


def test_the_worker_process_stops_when_asked(db: Database, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "worker"],
        cwd=ROOT,
        env=environment(db, tmp_path) | {"LOG_LEVEL": "INFO"},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as words:
        assert "worker.started" in words.readline()
        process.send_signal(signal.SIGTERM)
        assert "worker.stopped" in words.read()
    assert process.wait(10) == 0


def test_a_wrong_environment_is_refused_with_what_to_set(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "jobs", "failed"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "SECRET_KEY must have at least 32 characters" in ran.stderr
    assert "PUBLIC_URL must be the address phones reach" in ran.stderr


def test_a_killed_service_leaves_nobody_behind(tmp_path: Path) -> None:
    port = free_port()
    service = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve", "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=os.environ | {"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        connect(port).close()
        service.kill()
        # Web and worker hold the same pipe: it ends when the last of them has gone.
        service.communicate(timeout=30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.pid, signal.SIGKILL)
