"""Processes that do not outlive whoever started them, and those that are started again."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_PR_SET_PDEATHSIG = 1  # prctl(2)
# What dies sooner than this will hardly live longer the next time.
STEADY_SECONDS = 60
MOST_SECONDS = 30


def start(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[Any]:
    """A process that is told to end when this one dies, so that its kill -9 leaves nobody behind.

    Only Linux tells it.
    """
    return subprocess.Popen(command, env=environment, preexec_fn=_end_with_parent)


class Kept:
    """A process that is started again when it dies: after a second, and after 2, 4 … 30 where it
    keeps dying young, so that what cannot start takes the machine from nobody.
    """

    def __init__(
        self, command: Sequence[str], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.command = command
        self._seconds = seconds
        self._early = 0
        self._begin()

    def mind(self) -> str | None:
        """Do what is due, and say what happened, if anything did."""
        code, now = self.process.poll(), self._seconds()
        if code is None:
            return None
        if self._again_at is not None:
            if now >= self._again_at:
                self._begin()
            return None
        self._early = self._early + 1 if now - self._began_at < STEADY_SECONDS else 1
        wait = min(2 ** (self._early - 1), MOST_SECONDS)
        self._again_at = now + wait
        return f"exit {code}, again in {wait} s"

    def _begin(self) -> None:
        self.process = start(self.command)
        self._began_at = self._seconds()
        self._again_at: float | None = None


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
