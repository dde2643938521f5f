"""In which order people expect sizes: XS before S, 8 before 10, 5½ between 5 and 6."""

import re

_LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
_NUMBER = re.compile(r"(\d+)(½|\.5)?")


def size_order(size: str) -> tuple[int, float, str]:
    """The key to sort a size by: letters first, then numbers, then words."""
    if size.upper() in _LETTERS:
        return 0, _LETTERS.index(size.upper()), size
    number = _NUMBER.match(size)
    if number:
        return 1, int(number[1]) + (0.5 if number[2] else 0), size
    return 2, 0, size
