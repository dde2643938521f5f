"""The lock before SQLite's only writer: one at a time, in the order of arrival."""

import threading

from core.transaction import FairLock
from tests.processes import PATIENCE_SECONDS


def arrive(lock: FairLock, name: int, order: list[int], inside: list[int]) -> threading.Thread:
    """A thread that stands in line; returns once it does."""

    def enter() -> None:
        with lock:
            inside.append(name)
            assert len(inside) == 1
            order.append(name)
            inside.remove(name)

    before = len(lock._queue)
    thread = threading.Thread(target=enter)
    thread.start()
    while len(lock._queue) == before and thread.is_alive():
        pass
    return thread


def test_waiters_enter_in_the_order_of_arrival() -> None:
    lock, order, inside = FairLock(), list[int](), list[int]()
    with lock:
        waiting = [arrive(lock, name, order, inside) for name in range(12)]
    for thread in waiting:
        thread.join()
    assert order == list(range(12))


def test_the_holder_cannot_jump_the_queue() -> None:
    lock, order, inside = FairLock(), list[int](), list[int]()
    with lock:
        waiting = arrive(lock, 1, order, inside)
    with lock:
        order.append(0)
    waiting.join()
    assert order == [1, 0]


def test_an_exception_inside_hands_the_lock_on() -> None:
    lock, order, inside = FairLock(), list[int](), list[int]()
    try:
        with lock:
            waiting = arrive(lock, 1, order, inside)
            raise ZeroDivisionError
    except ZeroDivisionError:
        waiting.join(PATIENCE_SECONDS)
    assert order == [1]


def test_many_threads_lose_no_increment() -> None:
    lock, total = FairLock(), [0]

    def count() -> None:
        for _ in range(500):
            with lock:
                total[0] = total[0] + 1

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total == [4000]
