"""The catalogue as files: import, dry run, export."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from core import clock
from core.errors import Invalid
from core.transaction import database
from jobs.commands.group import OperatorGroup
from retail.brands import queries as brands
from retail.catalogue import exporter, importer, sheets
from retail.catalogue.formats import FORMATS
from retail.catalogue.importer import ImportPlan


@click.group("catalogue", cls=OperatorGroup)
def catalogue() -> None:
    """Stores, categories, styles, variants, stock and places as CSV."""


@catalogue.command("import")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.argument("files", nargs=-1, required=True)
def import_catalogue(brand: str, dry_run: bool, files: tuple[str, ...]) -> None:
    """Import FILES together: all of them or, where a line is wrong, nothing.

    A file is named for what is in it, such as styles.csv; otherwise write styles=spring.csv.
    """
    try:
        texts = dict(_read(file) for file in files)
        done = _run(brand, texts, dry_run=dry_run)
    except Invalid as error:
        _show_problems(error.data.get("problems", ()))
        raise
    _show(done)
    if done.problems:
        _show_problems([vars(problem) for problem in done.problems])
        raise click.ClickException(f"{len(done.problems)} things are wrong.")
    click.echo("A dry run: nothing was changed." if dry_run else "Imported.")


@catalogue.command("export")
@click.option("--brand", required=True, help="Short name of the brand.")
@click.argument("kind", type=click.Choice(list(FORMATS)))
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
def export_catalogue(brand: str, kind: str, file: Any) -> None:
    """Write all rows of one KIND to FILE, or to the screen."""
    with database().read() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        text = exporter.export_csv(session, brand_id, kind)
    file.write(text.replace("\r\n", "\n"))


def _run(brand: str, texts: Mapping[str, str], *, dry_run: bool) -> ImportPlan:
    now = clock.now()
    if dry_run:
        with database().read() as session:
            brand_id = brands.get_brand_by_slug(session, brand).id
            return importer.plan(session, brand_id, texts, now=now)
    with database().write() as session:
        brand_id = brands.get_brand_by_slug(session, brand).id
        return importer.import_files(session, brand_id, texts, now=now)


def _read(file: str) -> tuple[str, str]:
    kind, equals, path = file.partition("=")
    if not equals:
        kind, path = Path(file).stem, file
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}.") from error
    return kind, sheets.decode(data, file=kind)


def _show(plan: ImportPlan) -> None:
    for change in plan.changes:
        cells = ", ".join(
            f"{name} {before or 'nothing'} → {after or 'nothing'}"
            if change.action != "add"
            else name
            for name, (before, after) in change.cells.items()
        )
        click.echo(f"{change.file} line {change.line}: {change.action} {change.key} ({cells})")
    for kind, counts in plan.summary().items():
        numbers = ", ".join(f"{count} {action}" for action, count in counts.items())
        click.echo(f"{kind}: {numbers}")


def _show_problems(problems: Iterable[Mapping[str, Any]]) -> None:
    for problem in problems:
        column = f", {problem['column']}" if problem["column"] else ""
        click.echo(
            f"{problem['file']} line {problem['line']}{column}: {problem['message']}", err=True
        )
