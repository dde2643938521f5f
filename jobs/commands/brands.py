"""Brands, their stores and tills: founding, opening, listing."""

import click

from core import clock
from core.transaction import database
from jobs.commands.group import OperatorGroup
from retail.brands import queries, service


@click.group("brand", cls=OperatorGroup)
def brand() -> None:
    """Brands, each a world of its own."""


@brand.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="As shoppers know it, e.g. 'Alder & Finch'.")
@click.option("--zone", required=True, help="Where its brand-wide seasons close: Europe/London.")
@click.option("--currency", default="GBP", show_default=True, help="ISO 4217.")
@click.option("--locale", default="en-GB", show_default=True)
@click.option("--words", default="", help="What shoppers lay out: routine; a look if left out.")
@click.option("--coat", default="", help="The colour of its pages: rain; bottle if left out.")
def create_brand(
    slug: str, name: str, zone: str, currency: str, locale: str, words: str, coat: str
) -> None:
    """Found a brand under a short name, which becomes part of its addresses."""
    with database().write() as session:
        created = service.create_brand(
            session,
            slug=slug,
            name=name,
            zone=zone,
            currency=currency,
            locale=locale,
            words=words,
            coat=coat,
            now=clock.now(),
        )
    click.echo(f"{created.name} is at /b/{created.slug}")


@brand.command("list")
def list_brands() -> None:
    """List all brands."""
    with database().read() as session:
        found = queries.list_brands(session)
    for entry in found:
        click.echo(f"{entry.slug:24}  {entry.zone:20}  {entry.currency}  {entry.name}")
    click.echo(f"{len(found)} brands", err=True)


@click.group("store", cls=OperatorGroup)
def store() -> None:
    """Stores and the tills in them."""


@store.command("create")
@click.argument("slug")
@click.option("--brand", "brand_slug", required=True, help="Short name of the brand.")
@click.option("--name", required=True, help="As shoppers know it, e.g. 'Covent Garden'.")
@click.option("--zone", help="Where it is, e.g. Europe/London; the brand's if left out.")
@click.option("--currency", help="ISO 4217; the brand's if left out.")
@click.option("--locale", help="The brand's if left out.")
def create_store(
    slug: str,
    brand_slug: str,
    name: str,
    zone: str | None,
    currency: str | None,
    locale: str | None,
) -> None:
    """Open a store under a short name, which its printed QR codes carry."""
    with database().write() as session:
        owner = queries.get_brand_by_slug(session, brand_slug)
        created = service.create_store(
            session,
            brand_id=owner.id,
            slug=slug,
            name=name,
            zone=zone or owner.zone,
            currency=currency or owner.currency,
            locale=locale or owner.locale,
            now=clock.now(),
        )
    click.echo(f"{created.name} is open: {created.zone}, {created.currency}")


@store.command("list")
@click.option("--brand", "brand_slug", required=True, help="Short name of the brand.")
def list_stores(brand_slug: str) -> None:
    """List the stores of a brand with their tills."""
    with database().read() as session:
        stores = queries.list_stores(session, queries.get_brand_by_slug(session, brand_slug).id)
        tills = {entry.id: queries.list_tills(session, entry.id) for entry in stores}
    for entry in stores:
        numbers = ", ".join(till.number for till in tills[entry.id]) or "none"
        click.echo(
            f"{entry.slug:24}  {entry.zone:20}  {entry.currency}  {entry.name}; tills {numbers}"
        )
    click.echo(f"{len(stores)} stores", err=True)


@store.command("till")
@click.argument("number")
@click.option("--brand", "brand_slug", required=True, help="Short name of the brand.")
@click.option("--store", "store_slug", required=True, help="Short name of the store.")
def open_till(number: str, brand_slug: str, store_slug: str) -> None:
    """Register a till under the number on its receipts. Its key comes from `key create`."""
    with database().write() as session:
        brand_id = queries.get_brand_by_slug(session, brand_slug).id
        place = queries.get_store_by_slug(session, brand_id, store_slug)
        till = service.open_till(
            session, brand_id=brand_id, store_id=place.id, number=number, now=clock.now()
        )
    click.echo(f"till {till.number} is open in {place.name}")
