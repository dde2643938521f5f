"""Characters that take no room of their own: nobody sees them, or they stack on others."""

import re
import unicodedata

ZERO_WIDTH_JOINERS = "\u200c\u200d"
# Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt), with
# the blank of Braille, which is a symbol by its category and an empty space to its reader.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing at all."""
    return _UNSEEN.fullmatch(character) is not None


def is_mark(character: str) -> bool:
    """Whether a character stands on, under or around the one before it."""
    return unicodedata.category(character) in ("Mn", "Me")


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing: no character but spaces, marks without a base and unseen."""
    return all(c.isspace() or is_unseen(c) or is_mark(c) for c in text)


def stacks_higher_than(text: str, limit: int) -> bool:
    """Whether more than `limit` marks stand on one character, which reach into other lines."""
    height = 0
    for c in text:
        height = height + 1 if is_mark(c) and not is_unseen(c) else 0
        if height > limit:
            return True
    return False
