"""The record of processing."""

import click

from jobs.commands.group import OperatorGroup
from jobs.privacy_record import record as make_record


@click.group("privacy", cls=OperatorGroup)
def privacy() -> None:
    """What is kept about people."""


@privacy.command("record")
def record() -> None:
    """Print the record of processing, as docs/privacy.md holds it."""
    click.echo(make_record(), nl=False)
