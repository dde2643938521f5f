"""What a brand or a store may be called, and where and in what money it may trade."""

import re
from functools import cache
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency

from core.errors import Invalid

NAME_LENGTH = 120
SLUG_LENGTH = 60
TILL_LENGTH = 20
# How the pages of a brand may speak and what they may wear, besides as usual.
VOCABULARIES = ("routine",)
COATS = ("rain",)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2}|-[0-9]{3})?", re.ASCII)


def find_slug_problem(slug: str) -> str | None:
    """The sentence that says why this cannot be part of an address, or None."""
    if len(slug) <= SLUG_LENGTH and _SLUG.fullmatch(slug):
        return None
    return f"Use up to {SLUG_LENGTH} small letters and digits, in parts joined by a hyphen."


def find_name_problem(name: str) -> str | None:
    """The sentence that says why this cannot be a name, or None."""
    if not name.strip():
        return "Give it a name."
    return f"Keep it to {NAME_LENGTH} characters." if len(name) > NAME_LENGTH else None


def find_zone_problem(zone: str) -> str | None:
    """The sentence that says why this is not a time zone of the IANA database, or None."""
    if zone in _zones():
        return None
    return f"{zone!r} is not a time zone. Use a name such as Europe/London."


def find_currency_problem(currency: str) -> str | None:
    """The sentence that says why this is not an ISO 4217 code, or None."""
    if is_currency(currency):
        return None
    return f"{currency!r} is not a currency. Use an ISO 4217 code such as GBP."


def find_locale_problem(locale: str) -> str | None:
    """The sentence that says why this is not a locale, or None."""
    wrong = f"{locale!r} is not a locale. Use a tag such as en-GB."
    if not _LOCALE.fullmatch(locale):
        return wrong
    try:
        Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return wrong
    return None


def find_manner_problem(name: str, known: tuple[str, ...]) -> str | None:
    """The sentence that says why a brand cannot speak or look like this, or None."""
    if not name or name in known:
        return None
    return f"{name!r} is not known. Use {' or '.join(known)}, or leave it out."


def check(**problems: str | None) -> None:
    """Raise Invalid with every problem that is one, under the name of its field."""
    fields = {name: [problem] for name, problem in problems.items() if problem}
    if fields:
        raise Invalid("input_invalid", "Some fields need another look.", fields=fields)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
