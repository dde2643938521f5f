"""Running the service: web and worker together, or each by itself."""

import signal
import subprocess
import sys
import threading

import click
from flask import current_app
from flask.cli import with_appcontext

from core import clock, erasures
from core.config import Settings
from core.transaction import database
from jobs import queue
from jobs.offspring import Kept
from jobs.schedule import new_worker

STOP_SECONDS = 20


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run due jobs until stopped. Several may run at once."""
    _check_restored(current_app.config["SETTINGS"])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    new_worker(database()).run(stop)


@click.command("serve")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port.")
@with_appcontext
def serve(bind: str) -> None:
    """Run the web server and one worker; whichever dies is started again."""
    settings: Settings = current_app.config["SETTINGS"]
    _check_restored(settings)
    subprocess.run([sys.executable, "-m", "flask", "--app", "app", "db", "upgrade"], check=True)
    web = [
        *(sys.executable, "-m", "gunicorn", "--bind", bind, "--worker-class", "gthread"),
        *("--workers", "1", "--threads", str(settings.web_threads), "--graceful-timeout", "5"),
        *("--config", "python:web.gunicorn_hooks", "--log-level", "warning", "app:create_app()"),
    ]
    _supervise([web, [sys.executable, "-m", "flask", "--app", "app", "worker"]])


def _check_restored(settings: Settings) -> None:
    if erasures.is_restore_unfinished(settings.data_dir):
        raise click.ClickException(
            "A restore did not finish, so people who were erased may be back. Run it again."
        )


def _supervise(commands: list[list[str]]) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    kept = [Kept(command) for command in commands]
    while not stop.wait(0.5):
        for each in kept:
            if (news := each.mind()) is not None:
                click.echo(f"restarting {each.command[2]}: {news}", err=True)
    running = [each.process for each in kept]
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


@click.group("jobs")
def jobs() -> None:
    """Look after jobs that were given up."""


@jobs.command("failed")
@with_appcontext
def list_failed() -> None:
    """List the jobs given up after their last try."""
    with database().read() as session:
        found = queue.failed(session)
    for job in found:
        click.echo(f"{job.id}  {job.kind}  {job.attempts} tries  {job.payload}")
    click.echo(f"{len(found)} given up")


@jobs.command("retry")
@with_appcontext
def retry() -> None:
    """Give every given-up job another round."""
    with database().write() as session:
        count = queue.retry_failed(session, clock.now())
    click.echo(f"{count} will be tried again")
