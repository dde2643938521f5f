"""What keys, accounts and PINs of staff may be, and how long sessions last. Pure."""

import unicodedata
from datetime import datetime, timedelta
from itertools import pairwise

from core.errors import Invalid
from retail.staff.roles import ROLES

TILL = "till"
INTEGRATOR = "integrator"
KINDS = (TILL, INTEGRATOR)
PREFIX = "st_"
NAME_LENGTH = 60
USE_NOTED_EVERY = timedelta(hours=1)
LOCK_AFTER = timedelta(minutes=5)
SESSION_LIFETIME = timedelta(hours=12)
# Touches closer together than this are one; so a session locks at most this much early.
TOUCH_NOTED_EVERY = timedelta(seconds=20)
PIN_ATTEMPTS = 5
PIN_LENGTHS = range(4, 9)
DEVICE_LENGTH = 60


def key_text(key_id: str, secret: str) -> str:
    """A key as its holder keeps it. The id is public, the secret is not."""
    return f"{PREFIX}{key_id}_{secret}"


def split_key_text(text: str) -> tuple[str, str] | None:
    """Id and secret of a key text, or None where it is none."""
    if not text.startswith(PREFIX):
        return None
    key_id, _, secret = text.removeprefix(PREFIX).partition("_")
    return (key_id, secret) if key_id and secret else None


def check_key(kind: str, store_id: str | None, name: str) -> str:
    """The tidy name of a key to be. Raises Invalid: a till key needs its store, all need names."""
    problems: dict[str, list[str]] = {}
    tidy = " ".join(name.split())
    if kind not in KINDS:
        problems["kind"] = [f"A key is for one of: {', '.join(KINDS)}."]
    if kind == TILL and store_id is None:
        problems["store"] = ["A till key belongs to a store."]
    if not 1 <= len(tidy) <= NAME_LENGTH or not tidy.isprintable():
        problems["name"] = [f"Give the key a name of up to {NAME_LENGTH} characters."]
    if problems:
        raise Invalid("key_invalid", "This key can’t be made as asked.", fields=problems)
    return tidy


def is_use_news(used_at: datetime | None, now: datetime) -> bool:
    """Whether a use is worth noting: the first one, and then one an hour."""
    return used_at is None or now - used_at >= USE_NOTED_EVERY


def check_account(name: str, role: str) -> str:
    """The tidy name of somebody to be taken on. Raises Invalid for no name or an unknown role."""
    problems: dict[str, list[str]] = {}
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(tidy) <= NAME_LENGTH or not tidy.isprintable():
        problems["name"] = [f"Give a name of up to {NAME_LENGTH} characters."]
    if role not in ROLES:
        problems["role"] = [f"A role is one of: {', '.join(ROLES)}."]
    if problems:
        raise Invalid("staff_invalid", "This account can’t be made as asked.", fields=problems)
    return tidy


def normalise_pin(typed: str) -> str | None:
    """The digits of a PIN, in any script's digits and with any gaps, or None where it is none."""
    digits = [unicodedata.decimal(c, None) for c in "".join(typed.split())]
    if len(digits) not in PIN_LENGTHS or None in digits:
        return None
    return "".join(str(digit) for digit in digits)


def check_pin(typed: str) -> str:
    """A PIN to be. Raises Invalid for other than four to eight digits, all alike or in a row."""
    pin = normalise_pin(typed)
    sentence = "Use four to eight digits."
    if pin is not None:
        steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
        if len(steps) > 1 or not steps <= {0, 1, 9}:
            return pin
        sentence = "Choose digits that are less easy to guess."
    raise Invalid("pin_invalid", sentence, fields={"pin": [sentence]})


def device_words(described: str) -> str:
    """What to call a browser in a list of sessions, from what it says of itself."""
    plain = "".join(c for c in described if c.isprintable()).strip()
    return plain[:DEVICE_LENGTH] or "A browser"


def initials(name: str) -> str:
    """One or two capitals for an avatar."""
    words = name.split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


def works_at(bound_to: str | None, store_id: str | None) -> bool:
    """Whether somebody bound to a store, or to none, works at this one; None is the whole brand."""
    return bound_to is None or bound_to == store_id
