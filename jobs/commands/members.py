"""Members, where only an operator may help."""

from datetime import datetime

import click
from flask import current_app

from core import clock
from core.config import Settings
from core.errors import NotFound
from core.transaction import database
from jobs.commands.group import OperatorGroup
from retail.accounts import queries as accounts
from retail.brands import queries as brands
from retail.journeys.members.correct_birth_date import correct_birth_date


@click.group("member", cls=OperatorGroup)
def members() -> None:
    """Members of a brand."""


@members.command("correct-birth-date")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.option("--email", required=True, help="The address that the member signs in with.")
@click.option("--to", "birth_at", required=True, type=click.DateTime(["%Y-%m-%d"]))
def correct(brand: str, email: str, birth_at: datetime) -> None:
    """Put a birth date right that staff have seen a document for.

    Minors leave the league, and their looks are nobody else's from then on.
    """
    settings: Settings = current_app.config["SETTINGS"]
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        member = accounts.find_member_by_email(session, brand_id, email)
        if member is None:
            raise NotFound("member_not_found", "No member of this brand has that address.")
        corrected = correct_birth_date(
            session,
            member=member,
            birth_on=birth_at.date(),
            now=clock.now(),
            minimum_age=settings.minimum_age_years,
        )
    state = "an adult" if corrected.is_adult else "a minor, out of everything public"
    click.echo(f"Corrected. By this date they are {state}.", err=True)
