"""Many threads let loose at one instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def race(work: Callable[[int], T], *, attempts: int, threads: int = 8) -> list[T]:
    """Do `work(0)` to `work(attempts - 1)` on several threads that start together."""
    start = threading.Barrier(threads)

    def run(lane: int) -> list[T]:
        start.wait()
        return [work(attempt) for attempt in range(lane, attempts, threads)]

    with ThreadPoolExecutor(threads) as pool:
        return [result for results in pool.map(run, range(threads)) for result in results]
