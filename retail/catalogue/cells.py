"""What one cell of an import may hold, and how a value is written back into it.

Each `read_…` gives the value or raises ValueError with the sentence for the retailer.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from babel.numbers import get_currency_precision
from biip import ParseError
from biip.gtin import Gtin

from retail.brands import rules

DRAWINGS = frozenset(
    {"trench", "knit", "breton", "trousers", "jeans", "skirt", "loafers", "trainers", "boots"}
    | {"tote", "scarf", "beanie", "chore", "dress", "umbrella", "shades"}
    | {"bottle", "jar", "tube", "box"}
)
CLOCKS_MAY_DIFFER_BY = timedelta(minutes=2)
LIST_LENGTH = 2_000
PLACE_LENGTH = 60
MAX_MINOR = 1_000_000_000
_CODE = re.compile(r"[^\s|;]+")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PRICE = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,4})?", re.ASCII)
_COUNT = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_PICTURE = re.compile(r"(https://|/)[^\s\"'<>\\]+")
_KEPT_CONTROLS = "\n\t"

_Values = TypeVar("_Values")
Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """A column of an import: its name, and how its cells are read and written."""

    name: str
    read: Reader
    write: Callable[[Any], str] = str


def text(limit: int, *, is_required: bool = False) -> Reader:
    """A reader of plain text with up to `limit` characters; line ends become `\\n`."""

    def read(cell: str) -> str:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        if is_required and not cell:
            raise ValueError("This cell is empty.")
        if len(cell) > limit:
            raise ValueError(f"Keep it to {limit} characters; there are {len(cell)}.")
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in _KEPT_CONTROLS for c in cell):
            raise ValueError("There is a control character in it.")
        return cell

    return read


def code(limit: int) -> Reader:
    """A reader of codes: no blanks, no `|` and `;`."""
    plain = text(limit, is_required=True)

    def read(cell: str) -> str:
        value: str = plain(cell)
        if not _CODE.fullmatch(value):
            raise ValueError("A code has no blanks, no | and no ;.")
        return value

    return read


def judged(find_problem: Callable[[str], str | None]) -> Reader:
    """A reader that takes whatever a rule finds no problem with."""

    def read(cell: str) -> str:
        problem = find_problem(cell)
        if problem:
            raise ValueError(problem)
        return cell

    return read


def read_flag(cell: str) -> bool:
    """Yes or no."""
    if cell.lower() not in ("yes", "no"):
        raise ValueError("Write yes or no.")
    return cell.lower() == "yes"


def write_flag(value: bool) -> str:
    """`yes` or `no`."""
    return "yes" if value else "no"


def read_gtin(cell: str) -> str | None:
    """A GTIN of 8, 12, 13 or 14 digits, as fourteen; an empty cell is None."""
    if not cell:
        return None
    # biip takes any Unicode digit for a digit.
    if not (cell.isascii() and cell.isdigit()):
        raise ValueError("A GTIN has digits only.")
    try:
        return Gtin.parse(cell).as_gtin_14()
    except ParseError:
        if len(cell) in (8, 12, 13, 14):
            raise ValueError("The check digit of this GTIN is wrong.") from None
        raise ValueError("A GTIN has 8, 12, 13 or 14 digits.") from None


def read_colour(cell: str) -> str:
    """A colour as #RRGGBB, or nothing."""
    if cell and not _COLOUR.fullmatch(cell):
        raise ValueError("Write the colour like #CBA36A.")
    return cell.upper()


def read_price(cell: str) -> Decimal:
    """A price in plain decimals, such as 189.00."""
    if not _PRICE.fullmatch(cell):
        raise ValueError("Write the price in plain digits, such as 189.00.")
    price = Decimal(cell)
    if price.is_signed():
        raise ValueError("A price cannot be negative.")
    return price


def minor_units(price: Decimal, currency: str) -> int:
    """A price in the smallest unit of its currency. Raises ValueError where it is not whole."""
    places = get_currency_precision(currency)
    minor = price.scaleb(places)
    if minor != minor.to_integral_value():
        raise ValueError(f"{currency} has {places} decimal places, this price has more.")
    if minor > MAX_MINOR:
        raise ValueError("This price is too large.")
    return int(minor)


def price(minor: int, currency: str) -> Decimal:
    """Minor units as a price with all decimal places of the currency."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def read_count(cell: str) -> int:
    """A whole number of pieces."""
    if not _COUNT.fullmatch(cell):
        raise ValueError("Write a whole number.")
    if cell.startswith("-"):
        raise ValueError("There cannot be fewer than none.")
    return int(cell)


def read_instant(cell: str) -> datetime:
    """An instant with its offset from UTC, such as 2026-11-22T12:00:00Z."""
    try:
        instant = datetime.fromisoformat(cell)
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Write date, time and offset, such as 2026-11-22T12:00:00Z.") from None
    raise ValueError("Add the offset from UTC, such as Z or +01:00.")


def write_instant(value: datetime) -> str:
    """ISO 8601 with Z."""
    return value.isoformat().replace("+00:00", "Z")


def read_drawing(cell: str) -> str | None:
    """The name of a drawn garment, or None."""
    if cell and cell not in DRAWINGS:
        raise ValueError(f"We have no drawing of that. Use one of {', '.join(sorted(DRAWINGS))}.")
    return cell or None


def read_picture(cell: str) -> str | None:
    """The address of a picture, or None."""
    if cell and (len(cell) > 500 or not _PICTURE.fullmatch(cell)):
        raise ValueError("Give an address that begins with https:// and has no blanks.")
    return text(500)(cell) or None


def write_optional(value: str | None) -> str:
    """The text, or an empty cell."""
    return value or ""


def read_list(cell: str) -> tuple[str, ...]:
    """Texts between bars."""
    checked: str = text(10_000)(cell)
    values = tuple(part.strip() for part in checked.split("|") if part.strip())
    return _fitting(values, write_list)


def write_list(values: tuple[str, ...]) -> str:
    """Texts with bars between them."""
    return " | ".join(values)


def read_press(cell: str) -> tuple[tuple[date, str, str], ...]:
    """Press features between bars, each `2026-03-14; publication; title`."""
    features = []
    for entry in read_list(cell):
        parts = [part.strip() for part in entry.split(";", 2)]
        try:
            features.append((date.fromisoformat(parts[0]), parts[1], parts[2]))
        except (ValueError, IndexError):
            raise ValueError("Write each feature as 2026-03-14; publication; title.") from None
    if not all(publication and title for _, publication, title in features):
        raise ValueError("A press feature needs a publication and a title.")
    return _fitting(tuple(features), write_press)


def write_press(features: tuple[tuple[date, str, str], ...]) -> str:
    """Press features with bars between them."""
    return " | ".join(f"{on.isoformat()}; {where}; {title}" for on, where, title in features)


def _fitting(values: _Values, write: Callable[[_Values], str]) -> _Values:
    """The values, where their export is short enough to be imported again."""
    if len(write(values)) > LIST_LENGTH:
        raise ValueError(f"Keep it to {LIST_LENGTH} characters.")
    return values


SLUG = judged(rules.find_slug_problem)
ZONE = judged(rules.find_zone_problem)
CURRENCY = judged(rules.find_currency_problem)
LOCALE = judged(rules.find_locale_problem)
NAME = text(rules.NAME_LENGTH, is_required=True)
