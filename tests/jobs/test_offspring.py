"""What a worker starts ends with it, however it ends."""

import os
import select
import signal
import sys
from multiprocessing.connection import Connection

from jobs.offspring import start
from tests.processes import PATIENCE_SECONDS, Offspring


def parent(line: Connection) -> None:
    """Start somebody who would wait for ever, say who that is, and wait as well."""
    child = start([sys.executable, "-c", "import signal; signal.pause()"])
    line.send((os.getpid(), child.pid))
    line.recv()


def test_a_killed_worker_leaves_no_process_behind() -> None:
    with Offspring(parent) as worker:
        worker_pid, child_pid = worker.line.recv()
        child = os.pidfd_open(child_pid)
        assert select.select([child], [], [], 0) == ([], [], [])
        os.kill(worker_pid, signal.SIGKILL)
        ended, _, _ = select.select([child], [], [], PATIENCE_SECONDS)
        os.close(child)
    assert ended == [child]
