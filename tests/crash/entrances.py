"""How web and worker begin in a process that has imported them already."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection

from flask import cli
from gunicorn.app import wsgiapp


def web(
    _: Connection,
    environment: Mapping[str, str],
    port: int,
    threads: int = 112,
    workers: int = 1,
) -> None:
    """The web server, as an operator starts it."""
    _live_in(environment)
    sys.argv = [
        *("gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--threads", str(threads), "--worker-connections", str(threads + 1_000)),
        *("--workers", str(workers), "--log-level", "critical", "--graceful-timeout", "5"),
        *("--config", "python:web.gunicorn_hooks", "app:create_app()"),
    ]
    wsgiapp.run()


def worker(_: Connection, environment: Mapping[str, str], port: int) -> None:
    """The worker, as an operator starts it."""
    _live_in(environment)
    sys.argv = ["flask", "--app", "app", "worker"]
    cli.main()


def command(
    _: Connection, environment: Mapping[str, str], arguments: Sequence[str], printed: str, told: str
) -> None:
    """A command as an operator types it; what it prints and tells on the side go to files."""
    _live_in(environment)
    for path, descriptor in ((printed, 1), (told, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, descriptor)
    sys.argv = ["flask", *arguments]
    cli.main()


def _live_in(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
