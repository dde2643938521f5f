"""The files a retailer exchanges with us: their columns, keys and the rules within one row."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from retail.catalogue import cells
from retail.catalogue.cells import Column
from retail.catalogue.sheets import LineProblem, Row

Record = Mapping[str, Any]
"""Column names to values; two records are the same goods when their keys are equal."""

Wrong = tuple[str, str]
"""A column and the sentence that says what is wrong in it."""


@dataclass(frozen=True)
class Format:
    """One kind of file. `find_wrongs` judges columns that depend on each other."""

    kind: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    find_wrongs: Callable[[Record], Iterator[Wrong]]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in the order in which they are exported."""
        return tuple(column.name for column in self.columns)

    def key_of(self, record: Record) -> str:
        """What tells this row from the others of its kind."""
        return " ".join(record[name] for name in self.key)

    def write(self, record: Record) -> list[str]:
        """The cells of a record, in the order of the columns."""
        return [column.write(record[column.name]) for column in self.columns]

    def read(self, row: Row) -> tuple[Record | None, list[LineProblem]]:
        """The record in a row, or every problem that it has."""
        values: dict[str, Any] = {}
        wrongs: list[Wrong] = []
        for column in self.columns:
            try:
                values[column.name] = column.read(row.cells[column.name])
            except ValueError as error:
                wrongs.append((column.name, str(error)))
        if not wrongs:
            wrongs = list(self.find_wrongs(values))
        problems = [LineProblem(self.kind, row.line, column, message) for column, message in wrongs]
        return (None, problems) if problems else (values, [])

    def differences(self, before: Record, after: Record) -> dict[str, tuple[str, str]]:
        """The cells that a record would change, each with what it held and would hold."""
        return {
            column.name: (column.write(before[column.name]), column.write(after[column.name]))
            for column in self.columns
            if before[column.name] != after[column.name]
        }


def _nothing_wrong(_: Record) -> Iterator[Wrong]:
    return iter(())


def _wrongs_of_variant(record: Record) -> Iterator[Wrong]:
    try:
        cells.minor_units(record["price"], record["currency"])
    except ValueError as error:
        yield "price", str(error)
    colours = [record[name] for name in COLOURS]
    if any(colours) and not all(colours):
        missing = next(name for name in COLOURS if not record[name])
        yield missing, "Give all three colours, main, trim and lining, or none."


COLOURS = {"main": "a", "trim": "t", "lining": "l"}
"""Colour columns, and the letters under which drawings know them."""

FORMATS = {
    format_.kind: format_
    for format_ in (
        Format(
            "stores",
            ("store",),
            (
                Column("store", cells.SLUG),
                Column("name", cells.NAME),
                Column("zone", cells.ZONE),
                Column("currency", cells.CURRENCY),
                Column("locale", cells.LOCALE),
            ),
            _nothing_wrong,
        ),
        Format(
            "categories",
            ("category",),
            (
                Column("category", cells.code(60)),
                Column("name", cells.NAME),
                Column("never_shareable", cells.read_flag, cells.write_flag),
            ),
            _nothing_wrong,
        ),
        Format(
            "styles",
            ("style",),
            (
                Column("style", cells.code(60)),
                Column("name", cells.NAME),
                Column("category", cells.code(60)),
                Column("designer", cells.text(120)),
                Column("origin", cells.text(120)),
                Column("story", cells.text(4_000)),
                Column("press", cells.read_press, cells.write_press),
                Column("worn_by", cells.read_list, cells.write_list),
                Column("drawing", cells.read_drawing, cells.write_optional),
                Column("picture", cells.read_picture, cells.write_optional),
            ),
            _nothing_wrong,
        ),
        Format(
            "variants",
            ("sku",),
            (
                Column("sku", cells.code(60)),
                Column("gtin", cells.read_gtin, cells.write_optional),
                Column("style", cells.code(60)),
                Column("colour", cells.text(60)),
                *(Column(name, cells.read_colour) for name in COLOURS),
                Column("size", cells.text(20)),
                Column("price", cells.read_price),
                Column("currency", cells.CURRENCY),
            ),
            _wrongs_of_variant,
        ),
        Format(
            "stock",
            ("store", "sku"),
            (
                Column("store", cells.SLUG),
                Column("sku", cells.code(60)),
                Column("on_hand", cells.read_count),
                Column("counted_at", cells.read_instant, cells.write_instant),
            ),
            _nothing_wrong,
        ),
        Format(
            "places",
            ("store", "sku"),
            (
                Column("store", cells.SLUG),
                Column("sku", cells.code(60)),
                Column("place", cells.text(cells.PLACE_LENGTH)),
            ),
            _nothing_wrong,
        ),
    )
}
"""Every kind of file, in the order in which one may refer to another."""
