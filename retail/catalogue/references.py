"""What the rows of an import refer to: other rows of the files, or what is stored."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from retail.catalogue.cells import CLOCKS_MAY_DIFFER_BY
from retail.catalogue.formats import FORMATS, Record
from retail.catalogue.sheets import LineProblem

Rows = list[tuple[int, Record]]


@dataclass
class Known:
    """What is stored, loaded kind by kind when needed, and what the files announce.

    `currencies` starts as the brand's own; `load` gives the stored rows of a kind by key.
    """

    currencies: set[str]
    now: datetime
    load: Callable[[str], dict[str, Record]]
    announced: dict[str, set[str]] = field(default_factory=dict)
    _stored: dict[str, dict[str, Record]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.currencies |= {store["currency"] for store in self.records("stores").values()}

    def records(self, kind: str) -> dict[str, Record]:
        """The stored rows of a kind, by key."""
        if kind not in self._stored:
            self._stored[kind] = self.load(kind)
        return self._stored[kind]

    def announce(self, kind: str, rows: Iterable[Mapping[str, str]]) -> None:
        """Remember what the rows of a file, right or wrong, bring along."""
        rows = list(rows)
        format_ = FORMATS[kind]
        self.announced[kind] = {format_.key_of(cells) for cells in rows}
        if kind == "stores":
            self.currencies |= {cells["currency"] for cells in rows}

    def has(self, kind: str, key: str) -> bool:
        """Whether the row is stored or comes with the files."""
        return key in self.announced.get(kind, ()) or key in self.records(kind)


def find_problems(kind: str, rows: Rows, known: Known) -> Iterator[LineProblem]:
    """Every row that comes twice, or refers to what is neither stored nor in the files."""
    yield from _repeated(kind, rows)
    for line, record in rows:
        for column, message in _CHECKS[kind](record, known):
            yield LineProblem(kind, line, column, message)
    if kind == "variants":
        yield from _shared_gtins(rows, known)


def _repeated(kind: str, rows: Rows) -> Iterator[LineProblem]:
    format_ = FORMATS[kind]
    first: dict[str, int] = {}
    for line, record in rows:
        seen = first.setdefault(format_.key_of(record), line)
        if seen != line:
            yield LineProblem(kind, line, format_.key[-1], f"This is in line {seen} already.")


def _shared_gtins(rows: Rows, known: Known) -> Iterator[LineProblem]:
    """Rows whose GTIN another variant would have as well, once all rows are in."""
    in_file = {record["sku"] for _, record in rows}
    owner = {
        record["gtin"]: sku
        for sku, record in known.records("variants").items()
        if record["gtin"] and sku not in in_file
    }
    for line, record in rows:
        gtin, sku = record["gtin"], record["sku"]
        if gtin and owner.setdefault(gtin, sku) != sku:
            yield LineProblem("variants", line, "gtin", f"{owner[gtin]} has this GTIN already.")


def _nothing(_: Record, __: Known) -> Iterator[tuple[str, str]]:
    return iter(())


def _check_style(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    if not known.has("categories", record["category"]):
        yield "category", f"We don’t know the category {record['category']}."


def _check_variant(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    if not known.has("styles", record["style"]):
        yield "style", f"Nothing here has the code {record['style']}."
    if record["currency"] not in known.currencies:
        taken = ", ".join(sorted(known.currencies))
        yield "currency", f"No store of this brand takes {record['currency']}; they take {taken}."


def _check_place(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    if not known.has("stores", record["store"]):
        yield "store", f"We don’t know the store {record['store']}."
    if not known.has("variants", record["sku"]):
        yield "sku", f"We don’t know the SKU {record['sku']}."


def _check_stock(record: Record, known: Known) -> Iterator[tuple[str, str]]:
    yield from _check_place(record, known)
    if record["counted_at"] > known.now + CLOCKS_MAY_DIFFER_BY:
        yield "counted_at", "This instant is still to come."


_CHECKS: dict[str, Callable[[Record, Known], Iterator[tuple[str, str]]]] = {
    "stores": _nothing,
    "categories": _nothing,
    "styles": _check_style,
    "variants": _check_variant,
    "stock": _check_stock,
    "places": _check_place,
}
