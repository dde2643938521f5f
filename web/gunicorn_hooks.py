"""What gunicorn is told beside its command line: how workers begin, and how streams end."""

import signal
import threading
from types import FrameType
from typing import Any

from core.garbage import leave_alone_what_is_loaded


def post_worker_init(worker: Any) -> None:
    """Say goodbye to every screen when the server is asked to stop; look less for garbage.

    A stopping worker waits for open requests, and a stream never ends by itself.
    """
    leave_alone_what_is_loaded()
    switchboard = worker.wsgi.extensions["switchboard"]
    finish = signal.getsignal(signal.SIGTERM)
    assert callable(finish)

    def stop(number: int, frame: FrameType | None) -> None:
        # A handler must not wait for locks that the interrupted code may hold.
        threading.Thread(target=switchboard.stop, name="goodbye").start()
        finish(number, frame)

    signal.signal(signal.SIGTERM, stop)
