"""The service of a demo: started, waited for, stopped."""

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_SECONDS = 120
STOP_SECONDS = 30
# Below those that the system hands out by itself.
PORTS = range(20_000, 32_000)


class NotStarted(Exception):
    """The service did not come up; its own messages are above."""


def flask(environment: Mapping[str, str], *arguments: str) -> None:
    """Run an operator command to its end."""
    subprocess.run(
        [sys.executable, "-m", "flask", *arguments], cwd=ROOT, env=dict(environment), check=True
    )


@contextlib.contextmanager
def running(environment: Mapping[str, str], *, host: str, port: int) -> Iterator[None]:
    """Web and worker for the length of a block. Raises NotStarted.

    They get a process group of their own: Ctrl-C reaches the demo, which then stops them in
    order, rather than everybody at once.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "serve", "--bind", f"{host}:{port}"],
        cwd=ROOT,
        env=dict(environment),
        start_new_session=True,
    )
    try:
        _wait_until_ready(process, port)
        yield
    finally:
        _stop(process)


def free_port() -> int:
    """A port nobody listens on now, nor gets for a connection of theirs before it is used."""
    # Whoever seeds `random` seeds it alike in processes that run beside one another.
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise NotStarted("no port is free")


def is_taken(port: int) -> bool:
    """Whether somebody already answers on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"the service ended with {process.returncode}")
        if answers(port):
            return
        time.sleep(0.1)
    raise NotStarted(f"the service was not ready after {START_SECONDS} seconds")


def answers(port: int) -> bool:
    """Whether a service on a port of this machine says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
