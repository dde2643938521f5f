"""Processes for tests to talk to and to kill: real ones, quick to start, none left behind.

A new interpreter that imports the application costs seconds of CPU. So one process imports it
once and does nothing else but fork what tests ask for; memory, connections, process group and
death are each one's own.
"""

import contextlib
import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from demo.server import ROOT, answers, free_port

__all__ = ["PATIENCE_SECONDS", "Offspring", "await_answer", "connect", "free_port", "started"]

# Only a test that fails waits as long; a busy machine may need much of it.
PATIENCE_SECONDS = 120
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["app", "psycopg", "tests.crash.naive", "tests.jobs.victim", "tests.web.announcer"]
)


class Offspring:
    """A process that does `work(line, *given)` and leads a group of its own.

    `line` is the other end of `self.line`. As a context it is killed at the end.
    """

    def __init__(self, work: Callable[..., None], *given: object) -> None:
        self.line, theirs = _FORKS.Pipe()
        self._process = _FORKS.Process(target=_lead, args=(work, theirs, *given))
        self._process.start()
        theirs.close()
        self.line.recv()

    def __enter__(self) -> "Offspring":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def children(self) -> list[int]:
        """The ids of the processes that it started itself."""
        me = self._process.pid
        return [int(one) for one in Path(f"/proc/{me}/task/{me}/children").read_text().split()]

    def end(self) -> int | None:
        """Wait until it ends by itself; gives its exit code."""
        self._process.join(PATIENCE_SECONDS)
        return self._process.exitcode

    def ask_to_end(self) -> None:
        """SIGTERM, as an operator sends it, and patience."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid or 0, signal.SIGTERM)
        self._process.join(PATIENCE_SECONDS)

    def kill(self) -> None:
        """kill -9, without a word, for it and all its children; whoever is dead stays dead."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)
        self._process.join()
        self.line.close()


def _lead(work: Callable[..., None], line: Connection, *given: object) -> None:
    os.setsid()
    line.send("here")
    work(line, *given)


@contextlib.contextmanager
def started(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdout: int | None = None,
    stderr: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A command for the length of a block; then it and all its children are gone."""
    with subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=dict(environment),
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def connect(process: subprocess.Popen[bytes], port: int) -> socket.socket:
    """A connection to what the process serves, once it listens."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}; exit code {process.poll()}")


def await_answer(port: int) -> None:
    """Wait until a server on this port says that it is ready."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        assert time.monotonic() < deadline, f"nobody answers on {port}"
        time.sleep(0.05)
