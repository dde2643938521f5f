"""Money and numbers as people type them, read in one way on every page."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision

# A comma parts thousands; before one or two figures it is the point that other countries write.
_AMOUNT = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|\d{1,15}))(?:\.(\d{1,3}))?", re.ASCII)
_COMMA = re.compile(r"(-?\d{1,15}),(\d{1,2})", re.ASCII)
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,15})", re.ASCII)


def read_minor(typed: str, currency: str) -> int:
    """The minor units of an amount such as 12.50 or 1,250. Raises ValueError for anything else."""
    found = _COMMA.fullmatch(typed) or _AMOUNT.fullmatch(typed)
    if found is None:
        raise ValueError("no amount")
    plain = f"{found[1].replace(',', '')}.{found[2] or 0}"
    minor = Decimal(plain).scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value():
        raise ValueError("less than a minor unit")
    return int(minor)


def read_whole(typed: str) -> int:
    """A whole number such as 12 or 1,250. Raises ValueError for anything else."""
    if _NUMBER.fullmatch(typed) is None:
        raise ValueError("no whole number")
    return int(typed.replace(",", ""))
