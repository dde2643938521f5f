"""What a worker starts ends with it, however it ends; what dies is started again."""

import os
import select
import signal
import sys
from multiprocessing.connection import Connection

from jobs.offspring import Kept, start
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


def test_what_keeps_dying_young_is_started_less_and_less_often() -> None:
    now = 0.0

    def dies(*, after: float) -> str | None:
        nonlocal now
        now += after
        kept.process.wait(PATIENCE_SECONDS)
        return kept.mind()

    def begins(*, after: float) -> bool:
        nonlocal now
        now += after
        before = kept.process
        assert kept.mind() is None
        return kept.process is not before

    kept = Kept([sys.executable, "-c", "raise SystemExit(3)"], lambda: now)
    for wait in (1, 2, 4, 8, 16, 30, 30):
        assert dies(after=1) == f"exit 3, again in {wait} s"
        assert not begins(after=wait - 0.5)
        assert begins(after=0.5)
    assert dies(after=61) == "exit 3, again in 1 s", "it had settled"
