"""The record of processing, made from the schema: what is kept about whom, and how long."""

from collections.abc import Iterable

from core.model import Base
from retail.consent.cells import AUDIENCES, CHANNELS
from retail.consent.rules import PURPOSES
from retail.own_data.claims import CLAIMS, STAFF, TRACES

BEGIN = "<!-- made by `flask privacy record` -->"
END = "<!-- end of what `flask privacy record` makes -->"


def record() -> str:
    """The record as Markdown, between two marks."""
    parts = (_purposes(), _tables(), _staff(), _traces())
    return "\n\n".join((BEGIN, *parts, END)) + "\n"


def _purposes() -> str:
    rows = [
        (
            f"`{purpose.code}`",
            purpose.sentence,
            ", ".join(sorted({AUDIENCES[cell.audience] for cell in purpose.cells})),
            ", ".join(dict.fromkeys(CHANNELS[cell.channel] for cell in purpose.cells)),
            purpose.notice_version,
        )
        for purpose in PURPOSES.values()
    ]
    heading = "### What members can agree to\n\nEverything starts off.\n\n"
    return heading + _table(("Purpose", "Words", "Who sees it", "Where", "Notice"), rows)


def _tables() -> str:
    about = {mapper.local_table.name: mapper.class_.__doc__ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
    rows = []
    for name, claim in CLAIMS.items():
        table, column = name.split(".")
        columns = ", ".join(f"`{each.name}`" for each in Base.metadata.tables[table].c)
        first = (about[table] or "").strip().splitlines()[0]
        copy = f"`{claim.export}`" if claim.export else f"no: {claim.not_exported}"
        rows.append((f"`{table}`", first, f"`{column}`", columns, copy, claim.erasure))
    heading = "### Tables that name a person\n\n"
    titles = ("Table", "What it is", "Names by", "Columns", "In the member’s copy", "On erasure")
    return heading + _table(titles, rows)


def _staff() -> str:
    rows = [(*(f"`{part}`" for part in name.split(".")), what) for name, what in STAFF.items()]
    heading = "### Tables that name staff\n\nStaff are no members; erasing one leaves these.\n\n"
    return heading + _table(("Table", "Names by", "How long"), rows)


def _traces() -> str:
    rows = [(f"`{where}`", what) for where, what in TRACES.items()]
    return "### Other traces\n\n" + _table(("Where", "What, and for how long"), rows)


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [titles, ("---",) * len(titles), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
