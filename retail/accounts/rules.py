"""Rules about people: addresses, names shown in public, ages, sizes, sign-in codes. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core import unseen
from core.errors import Invalid
from core.ids import derive
from core.keys import keyed_hashes

CODE_LIFETIME = timedelta(minutes=10)
CODE_ATTEMPTS = 5
CODES_PER_HOUR = 5
SESSION_IDLE = timedelta(days=14)
SESSION_NOTED_EVERY = timedelta(days=1)
ADULT_AGE = 18
OLDEST_AGE = 120
AVATARS = 6
NAME_LENGTH = 60
SIZE_LENGTH = 12
NAMELESS = "A member"
# Persian and Indic keyboards type them into names, which are read the same without.
_NO_JOINERS = dict.fromkeys(map(ord, unseen.ZERO_WIDTH_JOINERS))
_MOST_MARKS = 5

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_SIZE = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./½-]*")


@dataclass(frozen=True)
class Door:
    """What a mailed code opens; a code for one door opens no other. `job` sends its mail."""

    purpose: str
    job: str


MEMBERS = Door("sign-in-email", "send_sign_in_code")


def normalise_email(typed: str) -> str:
    """The address as we store it: lower case, its domain in ASCII.

    Raises Invalid for what no mail server would take; whether anybody reads it, only a mail tells.
    """
    local, _, domain = unicodedata.normalize("NFC", typed).strip().lower().rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    is_good = (
        len(labels) > 1
        and len(local) <= 64
        and len(local) + len(domain) < 254
        and _LOCAL.fullmatch(local)
        and all(len(label) < 64 and _LABEL.fullmatch(label) for label in labels)
    )
    if not is_good:
        raise _invalid("email", "That doesn’t look like an e-mail address.")
    return f"{local}@{domain}"


def normalise_code(typed: str) -> str | None:
    """The six digits somebody typed, in any script's digits and with any gaps, or None."""
    kept = [c for c in typed if not c.isspace() and unicodedata.category(c) != "Pd"]
    digits = [unicodedata.decimal(c, None) for c in kept]
    if len(digits) != 6 or None in digits:
        return None
    return "".join(str(digit) for digit in digits)


def sign_in_code(key: bytes, code_id: str) -> str:
    """The six digits that belong to a row; whoever holds the key can tell them again."""
    return f"{derive(key, 'sign-in', code_id, 128) % 1_000_000:06d}"


def email_hashes(key: bytes, door: Door, brand_id: str, email: str) -> list[str]:
    """Under which requests of an address for a door are kept, new ones under the first."""
    return keyed_hashes(key, door.purpose, f"{brand_id}\x00{email}")


def code_refused() -> Invalid:
    """One answer for wrong, expired, used and foreign codes."""
    return Invalid(
        "sign_in_code_refused",
        "That code doesn’t open your account.",
        fields={"code": ["Check the six digits, or ask for a new code. Each works once."]},
    )


def check_display_name(typed: str) -> str:
    """The name with tidy spaces. Raises Invalid where it is none."""
    tidy = " ".join(unicodedata.normalize("NFC", typed).translate(_NO_JOINERS).split())
    if not tidy:
        raise _invalid("display_name", "Tell us what to call you.")
    if len(tidy) > NAME_LENGTH:
        raise _invalid("display_name", f"Use at most {NAME_LENGTH} characters.")
    # Cc and Cf hold control and direction marks, with which a name could rewrite its surroundings.
    is_plain = not unseen.stacks_higher_than(tidy, _MOST_MARKS) and not any(
        unseen.is_unseen(c) or unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn") for c in tidy
    )
    has_letter = any(c.isalpha() for c in tidy)
    if not is_plain or not has_letter or re.search(r"[@<>/\\]|\d{4}", tidy):
        raise _invalid("display_name", "Use letters as in a name, without links or addresses.")
    return tidy


def public_name(display_name: str) -> str:
    """How a person appears in public: first name and initial, "Nina O."."""
    words = display_name.split()
    if not words:
        return NAMELESS
    initial = next((c for c in words[-1] if c.isalpha()), "") if len(words) > 1 else ""
    return f"{words[0]} {initial.upper()}." if initial else words[0]


def initials(display_name: str) -> str:
    """One or two capitals for an avatar, "NO"; a dot for somebody without a name yet."""
    words = display_name.split()
    ends = words[:1] + words[1:][-1:]
    letters = [next((c for c in word if c.isalpha()), "") for word in ends]
    return "".join(letters).upper()[:2] or "·"


def avatar(member_id: str) -> int:
    """Which of the avatar colours, 0 to 5, always the same for the same person."""
    return sum(member_id.encode()) % AVATARS


def is_adult(birth_on: date | None, today: date, minimum_age: int = ADULT_AGE) -> bool | None:
    """Whether somebody has reached the age; None where the birth date is not stated.

    Born on 29 February, one comes of age on 1 March of a common year, as in English law.
    """
    if birth_on is None:
        return None
    birthday_passed = (today.month, today.day) >= (birth_on.month, birth_on.day)
    return today.year - birth_on.year - (not birthday_passed) >= minimum_age


def check_birth_on(birth_on: date, today: date) -> date:
    """The date. Raises Invalid in the future and beyond the oldest person."""
    if birth_on > today or today.year - birth_on.year > OLDEST_AGE:
        raise _invalid("birth_on", "Check the year of your birth date.")
    return birth_on


def check_sizes(sizes: Mapping[str, str], kinds: Collection[str]) -> dict[str, str]:
    """The sizes that are stated, tidied. Raises Invalid for other kinds of goods and odd sizes."""
    problems: dict[str, list[str]] = {}
    tidy = {kind: " ".join(str(size).split()) for kind, size in sizes.items()}
    for kind, size in tidy.items():
        if kind not in kinds:
            problems[f"sizes.{kind}"] = ["Nothing here of that kind comes in sizes."]
        elif size and (len(size) > SIZE_LENGTH or not _SIZE.fullmatch(size)):
            problems[f"sizes.{kind}"] = ["Write the size as on a label, such as 12, M or 39½."]
    if problems:
        raise Invalid("profile_invalid", "Some sizes need another look.", fields=problems)
    return {kind: size for kind, size in tidy.items() if size}


def _invalid(field: str, sentence: str) -> Invalid:
    return Invalid(f"{field}_invalid", sentence, fields={field: [sentence]})
