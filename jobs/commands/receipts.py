"""Historic receipts: bring a file in, and see how far it is."""

from pathlib import Path

import click

from core import clock
from core.transaction import database
from jobs.commands.group import OperatorGroup
from retail.brands import queries as brands
from retail.journeys.sales import receipt_import
from retail.receipts import history, queries
from retail.receipts.views import ImportView


@click.group("receipts", cls=OperatorGroup)
def receipts() -> None:
    """Historic receipts as CSV; see docs/receipts-csv.md."""


@receipts.command("import")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.option("--now", "is_now", is_flag=True, help="Do the work here, not in the worker.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(brand: str, is_now: bool, file: Path) -> None:
    """Begin to take FILE in; the worker carries on. The same file again changes nothing."""
    text = history.decode(file.read_bytes())
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        begun = receipt_import.begin_import(session, brand_id=brand_id, text=text, now=clock.now())
    while is_now and begun.state == "running":
        with database().write() as session:
            receipt_import.continue_import(session, begun.id, now=clock.now())
            begun = queries.get_import(session, begun.id, brand_id=brand_id)
    _show(begun)


@receipts.command("import-status")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.argument("import_id")
def import_status(brand: str, import_id: str) -> None:
    """Say how far an import is, and which lines were wrong."""
    with database().read() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        _show(queries.get_import(session, import_id, brand_id=brand_id))


def _show(seen: ImportView) -> None:
    click.echo(
        f"{seen.id}  {seen.state}  {seen.rows_done} of {seen.rows_total} rows, "
        f"{seen.receipts_new} receipts new, {seen.receipts_known} known, "
        f"{seen.problems_total} lines wrong"
    )
    for problem in seen.problems:
        click.echo(f"line {problem['line']}, {problem['column']}: {problem['message']}", err=True)
