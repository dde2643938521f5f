"""Processes that do not outlive whoever started them."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

_PR_SET_PDEATHSIG = 1  # prctl(2)


def start(
    command: Sequence[str], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[Any]:
    """A process that is told to end when this one dies, so that its kill -9 leaves nobody behind.

    Only Linux tells it.
    """
    return subprocess.Popen(command, env=environment, preexec_fn=_end_with_parent)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
