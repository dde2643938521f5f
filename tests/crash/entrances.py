"""How web and worker begin in a process that has imported them already."""

import os
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection

from flask import cli
from gunicorn.app import wsgiapp


def web(_: Connection, environment: Mapping[str, str], port: int) -> None:
    """The web server, as an operator starts it."""
    _live_in(environment)
    sys.argv = [
        *("gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--threads", "112", "--log-level", "critical", "--graceful-timeout", "5"),
        *("--config", "python:web.gunicorn_hooks", "app:create_app()"),
    ]
    wsgiapp.run()


def worker(_: Connection, environment: Mapping[str, str], port: int) -> None:
    """The worker, as an operator starts it."""
    _live_in(environment)
    sys.argv = ["flask", "--app", "app", "worker"]
    cli.main()


def _live_in(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
