"""Backup and restore."""

from pathlib import Path

import click
import flask_migrate
from flask import current_app

from core import clock, installation
from core.config import Settings
from core.transaction import database
from jobs import backup as backups
from jobs.commands.group import OperatorGroup

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group("backup", cls=OperatorGroup)
def backup() -> None:
    """Copies of the whole installation: database, media, and the list of erasures."""


@backup.command("create")
@click.option("--to", "into", required=True, type=_FOLDER, help="A new folder for it.")
def create(into: Path) -> None:
    """Copy the installation into a new folder, also while it runs."""
    settings: Settings = current_app.config["SETTINGS"]
    backups.create(settings, into)
    with database().write() as session:
        installation.note(session, installation.BACKUP, clock.now())
    click.echo(f"{into} holds database, media and erasures. Keep SECRET_KEY apart from it.")


@backup.command("restore")
@click.argument("source", metavar="FROM", type=_FOLDER)
@click.option("--force", is_flag=True, help="Replace an installation that holds data.")
def restore(source: Path, force: bool) -> None:
    """Put a backup back while the service is stopped, and erase again whoever left since."""
    settings: Settings = current_app.config["SETTINGS"]
    backups.check_target(database(), is_forced=force)
    backups.load(settings, source)
    flask_migrate.upgrade()
    count = backups.heed_erasures(database(), settings, source, clock.now())
    click.echo(f"{source} is restored. Erased again, because they left since: {count}")
