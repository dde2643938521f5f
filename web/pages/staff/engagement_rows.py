"""Rows of likes that went further: in which order, a page at a time, as a file."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Generic, TypeVar

from flask_babel import gettext as _

from retail.engagement.rules import Told
from retail.outfits.queries import OutfitView

ROWS_A_PAGE = 10
One = TypeVar("One")
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """A stylist, or a look with whose it is, and what may be told of its likes."""

    name: str
    by: str
    told: Told
    look: OutfitView | None = None
    rank: int = 0


@dataclass(frozen=True)
class Page(Generic[One]):
    """Some of the rows; `before` and `after` are the numbers of the pages next to it."""

    rows: Sequence[One]
    number: int
    pages: int

    @property
    def before(self) -> int | None:
        """The page with better rows, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page with the next rows, if there is one."""
        return self.number + 1 if self.number < self.pages else None


def ranked(rows: Sequence[Row], by: str) -> list[Row]:
    """The rows with places, most first; what is held back has its place by name, at the end."""
    order = sorted(rows, key=lambda row: _key(row, by))
    return [
        Row(row.name, row.by, row.told, row.look, rank) for rank, row in enumerate(order, start=1)
    ]


def page_of(rows: Sequence[One], asked: str | None) -> Page[One]:
    """The page asked for, or the nearest that there is."""
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    wish = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = min(max(wish, 1), pages)
    start = (number - 1) * ROWS_A_PAGE
    return Page(rows[start : start + ROWS_A_PAGE], number, pages)


def as_csv(rows: Sequence[Row], columns: Mapping[str, Callable[[Row], str]]) -> str:
    """Every row for spreadsheets; `columns` say who or what it is about, before the numbers."""
    paper = StringIO()
    sheet = csv.writer(paper)
    sheet.writerow([*map(_, columns), "likes", "likes_that_went_further", "empty_likes", "share"])
    for row in rows:
        told = row.told
        share = None if told.share is None else f"{told.share:.3f}"
        numbers = (told.likes, told.engaged, told.empty, share)
        sheet.writerow(
            [
                *(_plain(text(row)) for text in columns.values()),
                *(_("not shown") if one is None else str(one) for one in numbers),
            ]
        )
    return paper.getvalue()


def _key(row: Row, by: str) -> tuple[int, int, str, str]:
    numbers = [-1 if one is None else one for one in (row.told.likes, row.told.engaged)]
    first, second = reversed(numbers) if by == "engaged" else numbers
    return -first, -second, row.name, row.by


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
