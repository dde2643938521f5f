"""Tell a repository of what was seen, out of memory and never out of a row.

What names a piece is written down nowhere. So what could not be told within two minutes, what
does not fit in the queue, and what a process had not told yet when it ended, is lost: counted,
and never tried again.
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from connectors.epcis.documents import Seen, document
from connectors.webhooks.sender import Answer, Sender
from core import clock

HOLDS_FOR = timedelta(minutes=2)
MOST_WAITING, MOST_AT_ONCE = 10_000, 500
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
TOLD, LOST = "told", "lost"
# Anything else that is refused would be refused again.
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Repository:
    """Where to tell of it: the capture address, and its bearer token if it wants one."""

    url: str
    token: str | None
    base_url: str


class Teller:
    """Hands over what waits, in order, by one thread that lives as long as something does.

    `counts` is told how many were told and how many lost, as they are.
    """

    def __init__(self, to: Repository, sender: Sender, counts: Callable[[str, int], None]) -> None:
        self._to, self._sender, self._counts = to, sender, counts
        self._waiting: deque[tuple[datetime, Seen]] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def tell(self, seen: Sequence[Seen]) -> None:
        """Have these told soon; returns at once."""
        now = clock.now()
        with self._lock:
            room = MOST_WAITING - len(self._waiting)
            self._waiting.extend((now, one) for one in seen[:room])
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="epcis", daemon=True)
                self._thread.start()
        self._count(LOST, len(seen[room:]))

    def stop(self) -> None:
        """Let go of whatever waits, and end."""
        self._stopping.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def waits(self) -> int:
        """How many were not told yet."""
        with self._lock:
            return len(self._waiting)

    def _work(self) -> None:
        pause = FIRST_PAUSE
        while due := self._due():
            answer = self._send(due)
            if _is_taken(answer):
                pause = FIRST_PAUSE
                self._drop(TOLD, len(due))
            elif _is_final(answer):
                self._drop(LOST, len(due))
            elif self._stopping.wait(pause):
                return
            else:
                pause = min(2 * pause, LONGEST_PAUSE)

    def _due(self) -> list[Seen]:
        """What to hand over next, once what waited too long is gone; nothing ends the thread."""
        with self._lock:
            kept_since, waited = clock.now() - HOLDS_FOR, 0
            while self._waiting and self._waiting[0][0] <= kept_since:
                self._waiting.popleft()
                waited += 1
            due = [seen for _, seen in islice(self._waiting, MOST_AT_ONCE)]
            if not due or self._stopping.is_set():
                self._thread, due = None, []
        self._count(LOST, waited)
        return due

    def _send(self, seen: Sequence[Seen]) -> Answer:
        told = document(seen, base_url=self._to.base_url, now=clock.now())
        headers = {
            "Content-Type": "application/ld+json",
            "GS1-EPCIS-Version": "2.0.0",
            "GS1-CBV-Version": "2.0.0",
            "User-Agent": "Swingtag-EPCIS/1",
        }
        if self._to.token:
            headers["Authorization"] = f"Bearer {self._to.token}"
        return self._sender.post(self._to.url, json.dumps(told).encode(), headers)

    def _drop(self, outcome: str, number: int) -> None:
        with self._lock:
            for _ in range(number):
                self._waiting.popleft()
        self._count(outcome, number)

    def _count(self, outcome: str, number: int) -> None:
        if number:
            self._counts(outcome, number)


def _is_taken(answer: Answer) -> bool:
    return answer.status is not None and 200 <= answer.status < 300


def _is_final(answer: Answer) -> bool:
    """Whether the same would be refused again."""
    refused = answer.status is not None and 300 <= answer.status < 500
    return refused and answer.status not in _WORTH_ANOTHER_TRY
