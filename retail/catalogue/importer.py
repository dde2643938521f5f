"""Imports: first a plan that changes nothing and names everything, then its application.

`import_files` does both behind a gate, so that no second import of the brand comes between.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Invalid
from core.outbox import emit
from core.sql import close_gate
from retail.brands import queries as brands
from retail.brands import service as brands_service
from retail.catalogue import cells, exporter, places, queries, service, sheets
from retail.catalogue.formats import COLOURS, FORMATS, Record
from retail.catalogue.gates import import_gate
from retail.catalogue.references import Known, find_problems
from retail.catalogue.sheets import LineProblem


@dataclass(frozen=True)
class Change:
    """What one row does: `add`, `change`, or `ignore` for a count older than the stored one.

    `cells` names each cell that would differ with what it holds and would hold.
    """

    file: str
    line: int
    key: str
    action: str
    cells: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. Rows equal to what is stored are only counted, by kind.

    `wanted` has the rows to store, by kind.
    """

    brand_id: str
    changes: tuple[Change, ...]
    unchanged: dict[str, int]
    problems: tuple[LineProblem, ...]
    wanted: dict[str, list[Record]] = field(repr=False)

    def summary(self) -> dict[str, dict[str, int]]:
        """By kind: how many rows are added, changed, ignored and unchanged."""
        counts = Counter((change.file, change.action) for change in self.changes)
        return {
            kind: {
                "add": counts[kind, "add"],
                "change": counts[kind, "change"],
                "ignore": counts[kind, "ignore"],
                "unchanged": unchanged,
            }
            for kind, unchanged in self.unchanged.items()
        }


@dataclass(frozen=True)
class CatalogueImported:
    """A brand's catalogue, stores or stock changed by an import, at an instant (RFC 3339)."""

    brand_id: str
    at: str


def import_files(
    session: Session, brand_id: str, files: Mapping[str, str], *, now: datetime
) -> ImportPlan:
    """Import all of the files or, where a row of any is wrong, nothing. Raises Invalid."""
    close_gate(session, import_gate(brand_id))
    found = plan(session, brand_id, files, now=now)
    apply(session, found, now=now)
    return found


def plan(session: Session, brand_id: str, files: Mapping[str, str], *, now: datetime) -> ImportPlan:
    """What these files, text by kind, would change row by row, and every wrong line.

    Changes nothing. Raises NotFound for the brand and Invalid for an unknown kind of file.
    """
    unknown = sorted(set(files) - set(FORMATS))
    if unknown or not files:
        message = f"Send at least one file of these kinds: {', '.join(FORMATS)}."
        raise Invalid("import_kind_unknown", message, fields={kind: [message] for kind in unknown})
    brand = brands.get_brand(session, brand_id)
    known = Known({brand.currency}, now, partial(exporter.records, session, brand_id))
    changes: list[Change] = []
    unchanged: dict[str, int] = {}
    problems: list[LineProblem] = []
    wanted: dict[str, list[Record]] = {kind: [] for kind in FORMATS}
    for kind in (kind for kind in FORMATS if kind in files):
        rows, wrong = _read(kind, files[kind], known)
        problems += wrong
        unchanged[kind] = len(rows)
        for line, record in rows:
            change = _compare(kind, line, record, known)
            if change is not None:
                changes.append(change)
                unchanged[kind] -= 1
                wanted[kind] += [] if change.action == "ignore" else [record]
    return ImportPlan(brand_id, tuple(changes), unchanged, tuple(problems), wanted)


def apply(session: Session, plan: ImportPlan, now: datetime) -> None:
    """Do what a plan of this transaction says. Raises Invalid where it has problems."""
    if plan.problems:
        shown = [
            {"file": p.file, "line": p.line, "column": p.column, "message": p.message}
            for p in plan.problems
        ]
        raise Invalid(
            "import_refused", "Nothing was imported: some rows are wrong.", problems=shown
        )
    wanted, brand_id = plan.wanted, plan.brand_id
    _apply_stores(session, brand_id, wanted["stores"], now)
    service.save_categories(session, brand_id, [_category(r) for r in wanted["categories"]])
    service.save_styles(session, brand_id, [_style(r) for r in wanted["styles"]], now=now)
    style_ids = queries.ids_by_code(session, brand_id, "styles")
    service.save_variants(
        session, brand_id, [_variant(record, style_ids) for record in wanted["variants"]]
    )
    _apply_stock(session, brand_id, wanted["stock"], now)
    _apply_places(session, brand_id, wanted["places"])
    if plan.changes:
        topics = [f"brand:{plan.brand_id}"]
        emit(session, CatalogueImported(plan.brand_id, now.isoformat()), topics=topics)


def _read(kind: str, text: str, known: Known) -> tuple[list[tuple[int, Record]], list[LineProblem]]:
    """The good rows of a file with their lines, and every problem in line order."""
    format_ = FORMATS[kind]
    rows, problems = sheets.read(text, format_.names, file=kind)
    # A broken row still announces its key: what refers to it is not wrong a second time.
    known.announce(kind, [row.cells for row in rows])
    good: list[tuple[int, Record]] = []
    for row in rows:
        record, wrong = format_.read(row)
        problems += wrong
        if record is not None:
            good.append((row.line, record))
    problems += find_problems(kind, good, known)
    return good, sorted(problems, key=lambda problem: problem.line)


def _compare(kind: str, line: int, record: Record, known: Known) -> Change | None:
    format_ = FORMATS[kind]
    key = format_.key_of(record)
    before = known.records(kind).get(key)
    if before is None:
        written = zip(format_.names, format_.write(record), strict=True)
        filled = {name: ("", cell) for name, cell in written if cell}
        return Change(kind, line, key, "add", filled) if set(filled) - set(format_.key) else None
    differences = format_.differences(before, record)
    if not differences:
        return None
    is_outdated = kind == "stock" and record["counted_at"] < before["counted_at"]
    return Change(kind, line, key, "ignore" if is_outdated else "change", differences)


def _apply_stores(session: Session, brand_id: str, records: list[Record], now: datetime) -> None:
    ids = {store.slug: store.id for store in brands.list_stores(session, brand_id)}
    for record in records:
        values = {name: record[name] for name in ("name", "zone", "currency", "locale")}
        slug = record["store"]
        if slug in ids:
            brands_service.update_store(session, ids[slug], brand_id=brand_id, **values)
        else:
            brands_service.create_store(session, brand_id=brand_id, slug=slug, now=now, **values)


def _apply_stock(session: Session, brand_id: str, records: list[Record], now: datetime) -> None:
    for store_id, found in _by_store(session, brand_id, records):
        counts = {one: (record["on_hand"], record["counted_at"]) for one, record in found.items()}
        service.store_counts(session, brand_id=brand_id, store_id=store_id, counts=counts, now=now)


def _apply_places(session: Session, brand_id: str, records: list[Record]) -> None:
    for store_id, found in _by_store(session, brand_id, records):
        lying = {one: record["place"] for one, record in found.items()}
        places.save_places(session, brand_id, store_id, lying)


def _by_store(
    session: Session, brand_id: str, records: list[Record]
) -> list[tuple[str, dict[str, Record]]]:
    """What rows say of each store, by its id, in order, and by the variant."""
    stores = {store.slug: store.id for store in brands.list_stores(session, brand_id)}
    variants = queries.ids_by_code(session, brand_id, "variants") if records else {}
    found: dict[str, dict[str, Record]] = {}
    for record in records:
        found.setdefault(stores[record["store"]], {})[variants[record["sku"]]] = record
    return sorted(found.items())


def _category(record: Record) -> dict[str, Any]:
    return {
        "code": record["category"],
        "name": record["name"],
        "is_never_shareable": record["never_shareable"],
    }


def _style(record: Record) -> dict[str, Any]:
    press: tuple[tuple[date, str, str], ...] = record["press"]
    same = ("name", "designer", "origin", "story", "drawing", "picture")
    return {
        "code": record["style"],
        "category_code": record["category"],
        "press": [
            {"on": on.isoformat(), "publication": publication, "title": title}
            for on, publication, title in press
        ],
        "worn_by": list(record["worn_by"]),
        **{name: record[name] for name in same},
    }


def _variant(record: Record, style_ids: Mapping[str, str]) -> dict[str, Any]:
    return {
        "sku": record["sku"],
        "gtin": record["gtin"],
        "style_id": style_ids[record["style"]],
        "colour_name": record["colour"],
        "colours": {letter: record[name] for name, letter in COLOURS.items() if record[name]},
        "size": record["size"],
        "price_minor": cells.minor_units(record["price"], record["currency"]),
        "currency": record["currency"],
    }
