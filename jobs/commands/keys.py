"""API keys: making them, listing them, ending them."""

import click
from flask import current_app

from core import clock
from core.config import Settings
from core.transaction import database
from jobs.commands.group import OperatorGroup
from retail.brands import queries as brands
from retail.staff import queries as staff
from retail.staff import rules, service
from retail.staff.queries import KeyEntry


@click.group("key", cls=OperatorGroup)
def keys() -> None:
    """API keys of tills and integrators."""


@keys.command("create")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.option("--store", help="Short name of the store; a till key needs one.")
@click.option("--kind", required=True, type=click.Choice(rules.KINDS))
@click.option("--name", required=True, help="What the key is for, e.g. 'Till 2'.")
def create(brand: str, store: str | None, kind: str, name: str) -> None:
    """Make a key. Its text is printed this once and cannot be shown again."""
    settings: Settings = current_app.config["SETTINGS"]
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        store_id = brands.get_store_by_slug(session, brand_id, store).id if store else None
        view, text = service.create_key(
            session,
            brand_id=brand_id,
            store_id=store_id,
            kind=kind,
            name=name,
            now=clock.now(),
            key=settings.key,
        )
    click.echo(
        f"{view.kind} key {view.id} for {view.name}. Keep this, it is shown only now:", err=True
    )
    click.echo(text)


@keys.command("list")
@click.option("--brand", required=True, help="Short name of the brand.")
def list_keys(brand: str) -> None:
    """List the keys of a brand, without their secrets."""
    with database().read() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        stores = {store.id: store.slug for store in brands.list_stores(session, brand_id)}
        entries = staff.list_keys(session, brand_id)
    for entry in entries:
        store = stores.get(entry.store_id or "", "-")
        click.echo(f"{entry.id}  {entry.kind:10}  {store:20}  {entry.name:24}  {_state(entry)}")
    click.echo(f"{len(entries)} keys", err=True)


@keys.command("revoke")
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """End a key for good; requests with it are refused from now on."""
    with database().write() as session:
        service.revoke_key(session, key_id, now=clock.now())
    click.echo(f"{key_id} is revoked")


def _state(entry: KeyEntry) -> str:
    if entry.revoked_at is not None:
        return f"revoked {entry.revoked_at:%Y-%m-%d %H:%M}Z"
    return f"used {entry.used_at:%Y-%m-%d %H:%M}Z" if entry.used_at is not None else "never used"
