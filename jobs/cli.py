"""Operator commands, as the Flask CLI shows them."""

import click

from jobs.commands.backup import backup
from jobs.commands.brands import brand, store
from jobs.commands.catalogue import catalogue
from jobs.commands.doctor import doctor
from jobs.commands.facebook import facebook
from jobs.commands.keys import keys
from jobs.commands.loyalty import ledger, loyalty
from jobs.commands.members import members
from jobs.commands.privacy import privacy
from jobs.commands.push import push
from jobs.commands.readers import readers
from jobs.commands.receipts import receipts
from jobs.commands.recommender import recommender
from jobs.commands.rotation import secret_keys
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
        secret_keys,
        staff,
        members,
        receipts,
        league,
        season,
        loyalty,
        ledger,
        recommender,
        backup,
        doctor,
        privacy,
        facebook,
        push,
        readers,
    )
