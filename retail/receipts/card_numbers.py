"""Keeps card numbers out: finds them in free text, however they are spaced. Pure."""

import re
import unicodedata

SENTENCE = "This looks like a card number. Card numbers never belong here."
_SHORTEST, _LONGEST = 13, 19
_MAYBE = re.compile(r"(?:\d[^\w]{0,3}){12}\d")
_RUN = re.compile(r"[0-9]+(?:[ .\-–—/]{1,3}[0-9]+)*")


def has_card_number(text: str) -> bool:
    """Whether the text holds 13 to 19 digits, together or in groups, that pass the Luhn check."""
    if not _MAYBE.search(text):
        return False
    # Full-width and other scripts' digits are digits too.
    plain = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in unicodedata.normalize("NFKC", text)
    )
    return any(_is_card(run) for run in _RUN.findall(plain))


def _is_card(run: str) -> bool:
    groups = re.findall(r"[0-9]+", run)
    for first in range(len(groups)):
        digits = ""
        for group in groups[first:]:
            digits += group
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST and passes_luhn(digits):
                return True
    return False


def passes_luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812-1 that every payment card number passes."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        digit = int(character) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
