"""CSV as retailers send it: bytes to rows of text, and back for spreadsheets.

https://www.rfc-editor.org/rfc/rfc4180 · on formulas: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from core.errors import Invalid

MAX_BYTES = 8 * 1024 * 1024
MAX_ROWS = 100_000
LINES_AT_ONCE = 1_000
_BYTE_ORDER_MARK = "\ufeff"
# What spreadsheets compute, their full-width twins included; a negative number is none.
_FORMULA = r"(?!-[0-9]+(\.[0-9]+)?\Z)[=+\-@\t\r\n＝＋－＠]"
_LOOKS_LIKE_FORMULA = re.compile(f"'*{_FORMULA}")
_QUOTED_FORMULA = re.compile(f"'+{_FORMULA}")


@dataclass(frozen=True)
class LineProblem:
    """What is wrong where; `line` counts from 1 with the header, `column` is None for a whole
    line."""

    file: str
    line: int
    column: str | None
    message: str


@dataclass(frozen=True)
class Row:
    """One line of a sheet: column names to cells, without the blanks around them."""

    line: int
    cells: dict[str, str]


def decode(data: bytes, *, file: str) -> str:
    """The text of an uploaded file. Raises Invalid where it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise _refused(
            file, 1, f"The file has more than {MAX_BYTES // 1024 // 1024} MiB. Split it."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(
            file, line, "This is not UTF-8. Save the file as CSV with UTF-8 encoding."
        ) from None


def read(text: str, columns: Sequence[str], *, file: str) -> tuple[list[Row], list[LineProblem]]:
    """The rows of a sheet that has exactly these columns, in any order, and what is wrong.

    A byte order mark, blank lines and an apostrophe before a formula are passed over.
    """
    if len(text) > MAX_BYTES:
        return [], [LineProblem(file, 1, None, f"Longer than {MAX_BYTES} characters. Split it.")]
    lines = _lines(text.removeprefix(_BYTE_ORDER_MARK))
    try:
        _, header = next(lines, (1, []))
    except csv.Error as error:
        return [], [LineProblem(file, 1, None, f"This is not CSV: {error}.")]
    names = [name.strip().lower() for name in header]
    problems = _header_problems(names, columns, file)
    if problems:
        return [], problems
    return _read_rows(lines, names, file)


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A sheet that `read` understands and in which no cell is a formula to a spreadsheet."""
    return "".join(written(columns, rows))


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same in parts of `LINES_AT_ONCE`, for sheets that are too long to be held."""
    left = chain([columns], rows)
    while several := list(islice(left, LINES_AT_ONCE)):
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows([quote_formula(cell) for cell in row] for row in several)
        yield buffer.getvalue()


def quote_formula(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would compute it."""
    return f"'{cell}" if _LOOKS_LIKE_FORMULA.match(cell) else cell


def unquote_formula(cell: str) -> str:
    """The cell without the apostrophe that `quote_formula` put there."""
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the number of the line on which they begin; raises csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = reader.line_num + 1


def _header_problems(names: list[str], columns: Sequence[str], file: str) -> list[LineProblem]:
    problems = [
        LineProblem(file, 1, column, "This column is missing.")
        for column in columns
        if column not in names
    ]
    for position, name in enumerate(names):
        if name not in columns:
            shown = "".join(filter(str.isprintable, name))[:60]
            problems.append(LineProblem(file, 1, shown, "We don’t know this column."))
        elif name in names[:position]:
            problems.append(LineProblem(file, 1, name, "This column is there twice."))
    return problems


def _read_rows(
    lines: Iterator[tuple[int, list[str]]], names: list[str], file: str
) -> tuple[list[Row], list[LineProblem]]:
    rows: list[Row] = []
    problems: list[LineProblem] = []
    line = 1
    try:
        for line, cells in lines:
            if len(rows) == MAX_ROWS:
                problems.append(
                    LineProblem(file, line, None, f"More than {MAX_ROWS} rows. Split it.")
                )
                break
            if len(cells) != len(names):
                message = f"This line has {len(cells)} cells where the header has {len(names)}."
                problems.append(LineProblem(file, line, None, message))
                continue
            values = [unquote_formula(cell).strip() for cell in cells]
            rows.append(Row(line, dict(zip(names, values, strict=True))))
    except csv.Error as error:
        message = f"Nothing could be read after this line: {error}."
        problems.append(LineProblem(file, line, None, message))
    return rows, problems


def _refused(file: str, line: int, message: str) -> Invalid:
    problem = {"file": file, "line": line, "column": None, "message": message}
    return Invalid("import_refused", "The file cannot be read.", problems=[problem])
