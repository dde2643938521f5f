"""The doctor by command."""

import json
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from core.transaction import database
from jobs.doctor.checkup import look_at, worst
from jobs.doctor.finding import EXIT_CODES, OK, Finding, Patient


@click.command("doctor")
@click.option("--json", "is_json", is_flag=True, help="One JSON document, for monitoring.")
@with_appcontext
def doctor(is_json: bool) -> None:
    """Look at this installation and say what to do. Status 0: well, 1: look, 2: broken."""
    found: list[tuple[str, Finding]] = []
    for name, finding in look_at(Patient(current_app.config["SETTINGS"], database())):
        found.append((name, finding))
        if not is_json:
            click.echo(_line(name, finding))
    state = worst([finding for _, finding in found])
    if is_json:
        click.echo(json.dumps({"state": state, "checks": [_entry(*one) for one in found]}))
    sys.exit(EXIT_CODES[state])


def _line(name: str, finding: Finding) -> str:
    todo = "" if finding.state == OK else f" → {finding.todo}"
    return f"{finding.state:6}  {name:14}  {finding.says}{todo}"


def _entry(name: str, finding: Finding) -> dict[str, str]:
    return {"check": name, "state": finding.state, "says": finding.says, "todo": finding.todo}
