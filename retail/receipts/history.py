"""Reading historic receipts from CSV rows: what each may hold, and which make one receipt. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from core.errors import Invalid
from retail.catalogue.cells import read_gtin
from retail.receipts import rules
from retail.receipts.card_numbers import SENTENCE as CARD_SENTENCE
from retail.receipts.card_numbers import has_card_number

REQUIRED = ("store", "till", "number", "sold_at", "currency", "quantity", "total_minor")
COLUMNS = (*REQUIRED[:5], "sku", "gtin", "description", *REQUIRED[5:], "discount_minor")
PIECE_ROWS = 5_000
_STORE, _TILL, _NUMBER, _SOLD_AT, _CURRENCY = range(5)

# What separates cells and rows of a kept piece; a file that holds them is refused.
_CELL_END, _ROW_END = "\x1f", "\x1e"

Row = list[str]
Numbered = tuple[int, Row]


class Store(Protocol):
    """Where something was sold."""

    @property
    def id(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def currency(self) -> str: ...


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line of the file; the receipt it belongs to stays out."""

    line: int
    column: str
    message: str


class Goods(NamedTuple):
    """What was sold in a line, apart from how much."""

    gtin: str | None
    sku: str | None
    description: str


@dataclass
class HistoricReceipt:
    """A receipt read from rows; amounts are whole minor units, quantities whole thousandths."""

    line: int
    store_id: str
    till: str
    number: str
    sold_at: datetime
    currency: str
    goods: list[Goods] = field(default_factory=list)
    amounts: list[tuple[int, int, int]] = field(default_factory=list)
    is_whole: bool = True

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other receipt."""
        return (self.store_id, self.till, self.number)

    @property
    def total_minor(self) -> int:
        """The sum of the line totals."""
        return sum(total for _, total, _ in self.amounts)

    def fingerprint(self) -> str:
        """The same as a till's receipt with this content has."""
        marks = [
            rules.line_mark(goods.gtin, goods.sku, goods.description, *amounts)
            for goods, amounts in zip(self.goods, self.amounts, strict=True)
        ]
        return rules.fingerprint_of(
            self.till, self.number, self.sold_at, self.currency, None, marks
        )


class CellError(ValueError):
    """A cell that cannot be read; carries its column."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def decode(data: bytes) -> str:
    """The text of a file. Raises Invalid where it is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Invalid("file_invalid", f"Line {line} is not UTF-8; save the file as such.") from None


def read_rows(text: str) -> Iterator[Numbered]:
    """The rows of a file with their line numbers, their cells in the order of `COLUMNS`.

    Raises Invalid for a file that is no such CSV.
    """
    if _CELL_END in text or _ROW_END in text:
        raise Invalid("file_invalid", "There are control characters in this file.")
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        places = _places(header)
        is_plain = tuple(header) == COLUMNS
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise Invalid(
                    "file_invalid",
                    f"Line {reader.line_num} has {len(cells)} cells, the header {len(header)}.",
                )
            if not is_plain:
                cells = [cells[place] if place is not None else "" for place in places]
            yield reader.line_num, cells
    except csv.Error as error:
        raise Invalid("file_invalid", f"Line {reader.line_num}: {error}.") from error


def _places(header: list[str]) -> list[int | None]:
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in REQUIRED if name not in header]
    if unknown or missing or len(set(header)) < len(header):
        said = ", ".join(unknown) or "none"
        raise Invalid(
            "file_invalid",
            f"The first line names the columns {', '.join(COLUMNS)}, each once. "
            f"Missing: {', '.join(missing) or 'none'}; not known: {said}.",
        )
    return [header.index(name) if name in header else None for name in COLUMNS]


class Piece(NamedTuple):
    """Some rows of a file as one text, which costs the interpreter less than lists."""

    rows: int
    body: str


def pieces(rows: Iterable[Numbered], size: int = PIECE_ROWS) -> Iterator[Piece]:
    """The rows in pieces of about `size`, cut only between receipts.

    A receipt longer than any may be is cut all the same, so that pieces stay small.
    """
    kept: list[str] = []
    before: Row = []
    for line, cells in rows:
        if len(kept) >= size:
            is_next = cells[:3] != before[:3]
            if is_next or len(kept) >= size + rules.MAX_LINES:
                yield Piece(len(kept), _ROW_END.join(kept))
                kept = []
        kept.append(_CELL_END.join((str(line), *cells)))
        before = cells
    if kept:
        yield Piece(len(kept), _ROW_END.join(kept))


def unpack(body: str) -> Iterator[Numbered]:
    """The rows of a kept piece."""
    for row in body.split(_ROW_END):
        line, *cells = row.split(_CELL_END)
        yield int(line), cells


def read_receipts(
    rows: Iterable[Numbered], stores: Mapping[str, Store], *, now: datetime
) -> tuple[list[HistoricReceipt], list[Problem]]:
    """The receipts in these rows, and every line that keeps its receipt out."""
    receipts: list[HistoricReceipt] = []
    problems: list[Problem] = []
    head: Row = []
    current: HistoricReceipt | None = None
    for line, cells in rows:
        try:
            if cells[:3] != head[:3]:
                head, current = cells[:5], None
                current = _head(line, cells, stores, now)
                receipts.append(current)
            elif cells[:5] != head:
                column = "currency" if cells[3] == head[3] else "sold_at"
                raise CellError(column, "This differs from the receipt’s first line.")
            if current is not None:
                _add_line(current, cells)
        except CellError as error:
            problems.append(Problem(line, error.column, error.message))
            if current is not None:
                current.is_whole = False
    return [receipt for receipt in receipts if receipt.is_whole], problems


def _head(line: int, cells: Row, stores: Mapping[str, Store], now: datetime) -> HistoricReceipt:
    store = stores.get(cells[_STORE].strip())
    if store is None:
        raise CellError("store", "We don’t know this store.")
    till, number = cells[_TILL].strip(), cells[_NUMBER].strip()
    for column, code, limit in (
        ("till", till, rules.TILL_LENGTH),
        ("number", number, rules.NUMBER_LENGTH),
    ):
        problem = rules.find_code_problem(code, limit)
        if problem:
            raise CellError(column, problem)
    if cells[_CURRENCY] != store.currency:
        raise CellError("currency", f"This store trades in {store.currency}.")
    try:
        sold_at = datetime.fromisoformat(cells[_SOLD_AT].strip())
        if sold_at.tzinfo is None:
            sold_at = sold_at.replace(tzinfo=ZoneInfo(store.zone))
        sold_at = sold_at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CellError("sold_at", "Write the time like 2026-11-22T12:00:00Z.") from None
    problem = rules.find_time_problem(sold_at, now)
    if problem:
        raise CellError("sold_at", problem)
    return HistoricReceipt(line, store.id, till, number, sold_at, store.currency)


def _add_line(receipt: HistoricReceipt, cells: Row) -> None:
    if len(receipt.goods) == rules.MAX_LINES:
        raise CellError("number", f"A receipt has 1 to {rules.MAX_LINES} lines.")
    goods = _goods(cells[5], cells[6], cells[7])
    if isinstance(goods, CellError):
        raise CellError(goods.column, goods.message)
    receipt.goods.append(goods)
    quantity, total, discount = cells[8:]
    receipt.amounts.append(
        (
            _thousandths(quantity),
            _minor(total, "total_minor"),
            _minor(discount, "discount_minor") if discount else 0,
        )
    )


@lru_cache(maxsize=131_072)
def _goods(sku: str, gtin: str, description: str) -> Goods | CellError:
    """Cached, because the same goods are sold again and again; so refusals are values here."""
    sku, gtin, description = sku.strip(), gtin.strip(), rules.tidy_text(description)
    if not (gtin or sku or description):
        return CellError("description", "Say what was sold: sku, gtin or description.")
    if gtin and (problem := rules.find_gtin_problem(gtin)):
        return CellError("gtin", problem)
    if sku and (problem := rules.find_code_problem(sku, rules.SKU_LENGTH)):
        return CellError("sku", problem)
    if has_card_number(description):
        return CellError("description", CARD_SENTENCE)
    return Goods(read_gtin(gtin), sku or None, description)


@lru_cache(maxsize=4_096)
def _thousandths(cell: str) -> int:
    try:
        quantity = Decimal(cell.strip())
    except InvalidOperation:
        raise CellError("quantity", "Write the quantity in plain digits, such as 1.5.") from None
    problem = rules.find_quantity_problem(quantity)
    if problem:
        raise CellError("quantity", problem)
    return int(quantity.scaleb(3))


@lru_cache(maxsize=65_536)
def _minor(cell: str, column: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 13):
        raise CellError(column, "Write whole minor units, such as 18900 for 189.00.")
    amount = int(cell)
    if amount > rules.MAX_MINOR:
        raise CellError(column, f"An amount is at most {rules.MAX_MINOR} minor units.")
    return amount
