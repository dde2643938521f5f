"""Keys for web push."""

import click

from connectors.push import web_push
from jobs.commands.group import OperatorGroup


@click.group("push", cls=OperatorGroup)
def push() -> None:
    """Web push: notifications on members' phones."""


@push.command("new-keys")
def new_keys() -> None:
    """Make a key for PUSH_KEY. With another key every phone has to be asked anew."""
    key = web_push.new_key()
    click.echo(f"Phones will know us by {web_push.public_key(key)}.", err=True)
    click.echo(f"PUSH_KEY={key}")
