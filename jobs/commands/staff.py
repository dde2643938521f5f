"""Staff accounts: taking people on, listing them, letting them go."""

import click
from flask import current_app

from core import clock
from core.config import Settings
from core.transaction import database
from jobs.commands.group import OperatorGroup
from retail.accounts.rules import normalise_email
from retail.brands import queries as brands
from retail.staff import queries, roles, service


@click.group("staff", cls=OperatorGroup)
def staff() -> None:
    """People who work for a brand."""


@staff.command("add")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.option("--store", help="Short name of a store, for somebody who works in that one only.")
@click.option("--role", required=True, type=click.Choice(list(roles.ROLES)))
@click.option("--email", required=True, help="Where sign-in codes are mailed to.")
@click.option("--name", required=True, help="First and last name, as colleagues see it.")
def add(brand: str, store: str | None, role: str, email: str, name: str) -> None:
    """Take somebody on, or back after they were disabled."""
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        store_id = brands.get_store_by_slug(session, brand_id, store).id if store else None
        added = service.add_staff(
            session,
            brand_id=brand_id,
            store_id=store_id,
            email=email,
            name=name,
            role=role,
            now=clock.now(),
        )
    click.echo(f"{added.name} ({added.title}) signs in at /staff/sign-in/{brand}")


@staff.command("list")
@click.option("--brand", required=True, help="Short name of the brand.")
def list_staff(brand: str) -> None:
    """List who works for a brand, those who were disabled too."""
    with database().read() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        stores = {store.id: store.slug for store in brands.list_stores(session, brand_id)}
        entries = queries.list_staff(session, brand_id)
    for entry in entries:
        store = stores.get(entry.store_id or "", "every store")
        left = f"  disabled {entry.disabled_at:%Y-%m-%d}" if entry.disabled_at else ""
        click.echo(f"{entry.name:24}  {entry.email:32}  {entry.role:10}  {store:20}{left}")
    click.echo(f"{len(entries)} accounts", err=True)


@staff.command("disable")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.option("--email", required=True, help="Whose account it is.")
def disable(brand: str, email: str) -> None:
    """Sign somebody out everywhere, and let them in no more."""
    settings: Settings = current_app.config["SETTINGS"]
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        found = queries.find_staff_by_email(session, brand_id, normalise_email(email))
        if found is None:
            raise queries.staff_not_found()
        service.disable_staff(session, found.id, now=clock.now(), key=settings.key)
    click.echo(f"{found.name} is disabled and signed out everywhere")


@staff.command("roles")
def print_roles() -> None:
    """Print which role may do what, as in the operator's guide."""
    click.echo(roles.table())
