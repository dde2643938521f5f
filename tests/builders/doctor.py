"""Asking the doctor single things, and servers for it to reach."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

from flask import Flask

from core.config import Settings
from core.transaction import Database
from jobs.doctor.checkup import CHECKS
from jobs.doctor.finding import Finding, Patient


class Doctor:
    """Asks single checks about an installation whose settings a test may change."""

    def __init__(self, app: Flask, db: Database) -> None:
        self.app, self.db = app, db
        self.settings: Settings = app.config["SETTINGS"]

    def sees(self, name: str, **told: object) -> Finding:
        """What the check of this name finds."""
        (check,) = [check for check in CHECKS if check.name == name]
        with self.app.app_context():
            return check.look(Patient(replace(self.settings, **told), self.db))  # type: ignore[arg-type]

    def state(self, name: str, **told: object) -> str:
        """Whether that is ok, look or broken."""
        found = self.sees(name, **told)
        assert found.state == "ok" or found.todo, "a finding says what to do"
        return found.state


@contextmanager
def served(server: HTTPServer) -> Iterator[str]:
    """The address of a server while it serves."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Stranger(BaseHTTPRequestHandler):
    """Answers everything, and is not us."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"status": "alive", "installation": "another"}')

    def log_message(self, *_: object) -> None: ...
