"""Memory of a live stream: a real server, many screens, the difference divided."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.measure import Figure

SCREENS = 90
ROOT = Path(__file__).parents[1]
REQUEST = b"GET /live?topic=store:3&topic=board:4 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@contextmanager
def _server(folder: str) -> Iterator[tuple[int, int]]:
    """A server as `flask serve` starts it; gives its worker's process id and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"ENVIRONMENT": "test", "DATA_DIR": folder, "LOG_LEVEL": "WARNING"}
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "128"),
        *("--worker-class", "gthread", "--config", "python:web.gunicorn_hooks"),
        *("--log-level", "warning", "app:create_app()"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        yield int(children[0]), port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=20) as screen:
                screen.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                assert screen.recv(100)
                return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline


def own_kib(process: int) -> int:
    """Memory that only this process holds."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def _connect(port: int) -> socket.socket:
    screen = socket.create_connection(("127.0.0.1", port), timeout=20)
    screen.sendall(REQUEST)
    heard = b""
    while b"event: hello" not in heard:
        heard += screen.recv(4096)
    return screen


def figures() -> Iterator[Figure]:
    """KiB for each open stream, its thread included."""
    with ExitStack() as screens:
        folder = screens.enter_context(tempfile.TemporaryDirectory())
        worker, port = screens.enter_context(_server(folder))
        # The first screen starts what all of them share.
        screens.enter_context(_connect(port))
        before = own_kib(worker)
        for _ in range(SCREENS):
            screens.enter_context(_connect(port))
        after = own_kib(worker)
    yield Figure("memory of a live stream", (after - before) / SCREENS, 64, 32, "lower", "KiB")
