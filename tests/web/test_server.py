"""The real server process: it starts from the environment alone and says goodbye when stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from core.transaction import Database
from tests.conftest import ROOT
from tests.processes import PATIENCE_SECONDS, connect, free_port, started

GRACE_SECONDS = PATIENCE_SECONDS
FLASK = (sys.executable, "-m", "flask", "--app", "app")


def environment(db: Database, tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "ENVIRONMENT": "test",
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path),
    }


def gunicorn(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "8"),
        *("--worker-class", "gthread", "--graceful-timeout", str(GRACE_SECONDS)),
        *("--log-level", "warning", "--config", "python:web.gunicorn_hooks", "app:create_app()"),
    ]


def test_a_stopped_server_ends_its_streams_and_leaves_at_once(db: Database, tmp_path: Path) -> None:
    port = free_port()
    with (
        started(gunicorn(port), environment(db, tmp_path)) as process,
        connect(process, port) as screen,
    ):
        screen.sendall(b"GET /live?topic=store:3 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = b""
        while b"event: hello" not in heard:
            heard += screen.recv(4096)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        while chunk := screen.recv(4096):
            heard += chunk
        assert b"event: bye" in heard
        assert process.wait(PATIENCE_SECONDS) == 0
        # A stream that held it up would do so for the whole time of grace.
        assert time.monotonic() - asked < GRACE_SECONDS


def test_the_worker_process_stops_when_asked(db: Database, tmp_path: Path) -> None:
    told = environment(db, tmp_path) | {"LOG_LEVEL": "INFO"}
    with started([*FLASK, "worker"], told, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b"worker.started" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert b"worker.stopped" in process.stderr.read()
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_wrong_environment_is_refused_with_what_to_set(tmp_path: Path) -> None:
    ran = subprocess.run(
        [*FLASK, "jobs", "failed"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "SECRET_KEY must have at least 32 characters" in ran.stderr
    assert "PUBLIC_URL must be the address phones reach" in ran.stderr


def test_a_killed_service_leaves_nobody_behind(tmp_path: Path) -> None:
    port = free_port()
    with started(
        [*FLASK, "serve", "--bind", f"127.0.0.1:{port}"],
        os.environ | {"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    ) as service:
        connect(service, port).close()
        service.kill()
        # Web and worker hold the same pipe: it ends when the last of them has gone.
        service.communicate(timeout=PATIENCE_SECONDS)
