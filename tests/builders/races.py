"""Many threads let loose at one instant, and the moments at which a careless one goes wrong."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import text

from core.transaction import Database, FairLock
from tests.processes import PATIENCE_SECONDS

T = TypeVar("T")
THREADS = 8
# Who waits for another's row waits for a transaction, which is of no database: its others tell.
_WAITING = text(
    "SELECT count(*) FROM pg_locks waiting JOIN pg_locks held USING (pid)"
    " JOIN pg_database ON pg_database.oid = held.database"
    " WHERE datname = current_database() AND NOT waiting.granted"
)


def race(work: Callable[[int], T], *, attempts: int, threads: int = THREADS) -> list[T]:
    """Do `work(0)` to `work(attempts - 1)` on several threads that start together."""
    start = threading.Barrier(threads)

    def run(lane: int) -> list[T]:
        start.wait()
        return [work(attempt) for attempt in range(lane, attempts, threads)]

    with ThreadPoolExecutor(threads) as pool:
        return [result for results in pool.map(run, range(threads)) for result in results]


def meeting(threads: int = THREADS) -> Callable[[], object]:
    """A place that none of so many threads leaves before all have come, again and again.

    Between the read and the write of a control it makes sure, on any machine, of what two
    threads meet by chance only: everybody has read before anybody writes.
    """
    return threading.Barrier(threads, timeout=PATIENCE_SECONDS).wait


def until_in_line(db: Database, thread: threading.Thread) -> None:
    """Wait until a thread waits for a transaction that is open, or is over without waiting.

    Nobody else may be at work in this database.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    with db.engine.connect() as onlooker:
        while thread.is_alive():
            lock = db._lock
            if lock._queue if isinstance(lock, FairLock) else onlooker.scalar(_WAITING):
                return
            assert time.monotonic() < deadline
            thread.join(0.01)
