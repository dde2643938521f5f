"""The recommender: have it learn, see what came of it, go back."""

import os

import click
from flask import current_app

from core import clock
from core.config import Settings
from core.errors import Conflict
from core.transaction import database
from jobs import training
from jobs.commands.group import OperatorGroup
from retail.brands import queries as brands
from retail.training import queries, rules, service
from retail.training.queries import RunView
from retail.training.serving import current_name, roll_back

_brand = click.option("--brand", required=True, help="Short name of the brand.")


@click.group("recommender", cls=OperatorGroup)
def recommender() -> None:
    """What offers are chosen by, learnt anew every night; see docs/operator.md."""


@recommender.command("train")
@_brand
def train(brand: str) -> None:
    """Learn anew, here and now; ends with 1 where the run ended before it came to a result."""
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        asked = {"origin": rules.COMMAND, "now": clock.now()}
        run_id, is_new = service.ask(session, brand_id, **asked)
    if not is_new:
        raise Conflict("training_runs", f"Run {run_id} is under way already; `history` shows it.")
    training.fit(database(), _settings(), run_id, heard=_say)
    with database().read() as session:
        run = queries.get_run(session, run_id)
    click.echo(_line(run))
    if run.state == rules.ENDED:
        raise SystemExit(1)


@recommender.command("history")
@_brand
def history(brand: str) -> None:
    """List the last runs, the newest first, and what serves."""
    with database().read() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        runs = queries.history(session, brand_id)
    serves = current_name(brand_id, _settings().data_dir)
    for run in runs:
        mark = "  serves" if serves is not None and run.bundle == serves else ""
        click.echo(_line(run) + mark)
    click.echo(f"{len(runs)} runs; serving: {serves or 'nothing'}", err=True)


@recommender.command("rollback")
@_brand
def rollback(brand: str) -> None:
    """Have the model before serve again, at once. The next night learns anew all the same."""
    with database().read() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
    click.echo(f"{roll_back(brand_id, _settings().data_dir)} serves")


@recommender.command("fit", hidden=True)
@click.argument("run_id")
@click.option("--parent", required=True, type=int, help="The process without which it ends.")
def fit(run_id: str, parent: int) -> None:
    """Do a run that the worker launched."""
    os.nice(training.NICENESS)
    training.fit(database(), _settings(), run_id, is_orphan=lambda: os.getppid() != parent)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _say(step: str, share: int) -> None:
    click.echo(f"{share:>3} %  {step}", err=True)


def _line(run: RunView) -> str:
    came = run.state if run.reason is None else f"{run.state} ({run.reason})"
    known = f"{run.shoppers} shoppers, {run.items} styles, {run.events} events"
    said = f"{run.asked_at:%Y-%m-%d %H:%M} UTC  {came:18}  {known}"
    if run.trial is None:
        return said
    figures = [("candidate", run.trial.candidate), ("bestsellers", run.trial.popular)]
    figures += [("serving", run.trial.serving)] if run.trial.serving else []
    return f"{said}  " + ", ".join(f"{of} {one.mean:.3f} ± {one.error:.3f}" for of, one in figures)
