"""Operator commands, as the Flask CLI shows them."""

import click

from jobs.commands.brands import brand, store
from jobs.commands.catalogue import catalogue
from jobs.commands.keys import keys
from jobs.commands.members import members
from jobs.commands.receipts import receipts
from jobs.commands.seasons import league, season
from jobs.commands.staff import staff
from jobs.commands.worker import jobs, serve, worker


def commands() -> tuple[click.Command, ...]:
    """Every command of an operator."""
    return (
        serve,
        worker,
        jobs,
        brand,
        store,
        catalogue,
        keys,
        staff,
        members,
        receipts,
        league,
        season,
    )
