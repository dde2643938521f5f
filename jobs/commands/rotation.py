"""Changing SECRET_KEY: which secrets count, and what hangs on them."""

import click
from flask import current_app

from core import clock, installation
from core.config import Settings
from core.keys import every, key_id
from core.transaction import database
from jobs import keys as rotation
from jobs.commands.group import OperatorGroup


@click.group("keys", cls=OperatorGroup)
def secret_keys() -> None:
    """SECRET_KEY and those before it, by short names that tell nothing about them."""


@secret_keys.command("status")
def status() -> None:
    """Say which secrets count, since when they sign, and whether old ones can be dropped."""
    settings: Settings = current_app.config["SETTINGS"]
    with database().read() as session:
        notes = installation.key_notes(session)
    for number, one in enumerate(every(settings.key)):
        state = "accepted" if number else "signs"
        since = notes.get(key_id(one))
        known = f"signed first {since:%Y-%m-%d %H:%MZ}" if since else "has not signed yet"
        click.echo(f"{key_id(one)}  {state:8}  {known}")
    left = rotation.leftovers(database(), settings, clock.now())
    for what, count in left.items():
        click.echo(f"{count} {what} do not stand under {key_id(settings.key)}")
    if not settings.older_keys:
        click.echo("There is no older key to drop.")
    elif left:
        click.echo("Keep SECRET_KEY_FALLBACKS: what is counted above would be void.")
    else:
        click.echo("SECRET_KEY_FALLBACKS can be emptied; links in older mails end with it.")


@secret_keys.command("rekey")
@click.option("--codes", is_flag=True, help="Vouchers and gifts too: copied codes become void.")
def rekey(codes: bool) -> None:
    """Move to SECRET_KEY what can be moved without its owner. Run it again at any time."""
    settings: Settings = current_app.config["SETTINGS"]
    now = clock.now()
    click.echo(f"{rotation.mark_anew(database(), settings, now)} erasures noted anew")
    sealed = rotation.seal_anew(database(), settings)
    if sealed:
        click.echo(f"{sealed} webhook secrets sealed anew")
    if codes:
        count = rotation.code_anew(database(), settings, now)
        click.echo(f"{count} vouchers and gifts have a new code")
