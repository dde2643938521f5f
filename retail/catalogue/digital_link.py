"""GS1 Digital Link: the address in the code of a label, read and written. Pure.

Of the standard's keys this reads 01 (GTIN), with 22 (variant), 10 (batch) and 21 (serial number)
behind it in that order, or 235 (a third party's number of the single one) alone. What stands behind
the GTIN chooses nothing here and is not kept.
"""

from collections.abc import Sequence

from core.errors import NotFound
from retail.catalogue.cells import read_gtin

_QUALIFIERS = ("22", "10", "21")
_LONGEST_VALUE = 20
_OF_THIRD_PARTY, _LONGEST_OF_THIRD_PARTY = "235", 28


def gtin_in(text: str) -> str:
    """The GTIN of a label's address, as fourteen digits.

    Raises NotFound, as for a piece that nobody sells: which of the two it was is not told.
    """
    try:
        gtin = read_gtin(text)
    except ValueError:
        raise piece_not_found() from None
    if gtin is None:
        raise piece_not_found()
    return gtin


def check_qualifiers(parts: Sequence[str]) -> None:
    """Raise NotFound where what stands behind a GTIN is no batch, variant or serial number."""
    keys, values = list(parts[::2]), parts[1::2]
    is_foreign = keys == [_OF_THIRD_PARTY]
    is_ordered = keys == [key for key in _QUALIFIERS if key in keys]
    if len(keys) != len(values) or not (is_ordered or is_foreign):
        raise piece_not_found()
    longest = _LONGEST_OF_THIRD_PARTY if is_foreign else _LONGEST_VALUE
    if not all(0 < len(value) <= longest for value in values):
        raise piece_not_found()


def label_address(public_url: str, *, gtin: str, brand_slug: str) -> str:
    """What the code of a brand's label says: it outlives other brands that sell the same."""
    return f"{public_url.rstrip('/')}/01/{gtin}?b={brand_slug}"


def piece_not_found() -> NotFound:
    """The one answer for numbers that are wrong, unknown, or another brand's."""
    return NotFound("piece_not_found", "This isn’t here.")
