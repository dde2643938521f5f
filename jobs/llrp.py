"""Carry what a reader tells to `POST /api/v1/tag-reads`, as any reader of its own would send it."""

import json
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog
import urllib3

from connectors.readers.batch import Read
from connectors.readers.llrp import NotLlrp
from connectors.readers.llrp_client import Reader

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
SENT_EVERY = 0.5
MOST_WAITING = 10_000
_NEVER = frozenset({401, 403})
Post = Callable[[list[Read]], int | None]


class Refused(Exception):
    """The service does not take reads of this device."""


def posting(url: str, token: str) -> Post:
    """Sends reads to a service under a device's token; gives the status, None where none came."""
    pool, address = urllib3.PoolManager(timeout=10, retries=False), f"{url}/api/v1/tag-reads"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(reads: list[Read]) -> int | None:
        body = json.dumps({"reads": [_as_ours(read) for read in reads]})
        try:
            return int(pool.request("POST", address, body=body, headers=headers).status)
        except urllib3.exceptions.HTTPError:
            return None

    return post


def carry(connect: Callable[[], Reader], post: Post, stop: threading.Event) -> None:
    """Read and send until stopped. A reader that is away is called again, later each time.

    Raises Refused where the service refuses the device.
    """
    heard: queue.SimpleQueue[list[Read]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(connect, heard, stop), daemon=True).start()
    waiting: deque[Read] = deque(maxlen=MOST_WAITING)
    while not stop.wait(SENT_EVERY):
        # A reader that reads nothing, but lives, is told of too: it is not to be missed.
        is_alive = not heard.empty()
        while not heard.empty():
            waiting.extend(heard.get())
        status = post(list(waiting)) if waiting or is_alive else None
        if status in _NEVER:
            stop.set()
            raise Refused(f"The service answers {status}: is this device let in as a reader?")
        # What is taken is done with; what is refused for its content would be so again.
        if status is not None and status < 500 and status != 429:
            waiting.clear()


def _listen(
    connect: Callable[[], Reader], heard: "queue.SimpleQueue[list[Read]]", stop: threading.Event
) -> None:
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            reader = connect()
            log.info("reader.connected")
            pause = FIRST_PAUSE
            try:
                for reads in reader.reads():
                    heard.put(reads)
                    if stop.is_set():
                        break
            finally:
                reader.close()
        except (OSError, NotLlrp) as error:
            log.warning("reader.away", error=str(error), again_in_seconds=pause)
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _as_ours(read: Read) -> dict[str, Any]:
    told: dict[str, Any] = {"epc": read.epc, "antenna": read.antenna}
    if read.signal is not None:
        told["rssi"] = read.signal / 100
    if read.at is not None:
        told["at"] = read.at.isoformat()
    return told
