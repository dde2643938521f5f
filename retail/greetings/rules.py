"""How long somebody is greeted, what they are called, and what they may choose to show. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.errors import Invalid, NotFound

Way = Literal["door", "kiosk", "app"]
SHOWN_FOR = timedelta(minutes=15)
FIRST, FULL, TITLE = "first", "full", "title"
FORMS = (FIRST, FULL, TITLE)
TITLE_LENGTH = 20
LAST_VISIT, BOUGHT, SAVED, VOUCHERS = "last_visit", "bought", "saved", "vouchers"
TIER = "tier"
SHOWABLE = (LAST_VISIT, TIER, BOUGHT, SAVED, VOUCHERS)
# Of each kind of goods that comes in sizes, by its category.
SIZE_PATTERN = r"sizes\.[a-z0-9][a-z0-9_-]{0,59}"
_IN_TITLES = " .'’-"


@dataclass(frozen=True)
class Wish:
    """How a member wishes to be greeted: a code of FORMS; codes of SHOWABLE, and of sizes."""

    form: str = FIRST
    title: str = ""
    shows: frozenset[str] = frozenset()


@dataclass(frozen=True)
class GreetingView:
    """A member in a store, in [began_at, ends_at); cleared, somebody said that it is not them."""

    id: str
    member_id: str
    brand_id: str
    store_id: str
    way: Way
    began_at: datetime
    ends_at: datetime
    cleared_at: datetime | None

    def is_shown(self, now: datetime) -> bool:
        """Whether a tablet may show them at this instant."""
        return self.cleared_at is None and now < self.ends_at


def called(display_name: str, wish: Wish) -> str:
    """What staff call somebody: "Sarah", "Sarah Lewis" or "Miss Lewis"; empty without a name."""
    words = display_name.split()
    if not words or wish.form == FULL:
        return " ".join(words)
    return f"{wish.title} {words[-1]}" if wish.form == TITLE else words[0]


def check_wish(form: str, title: str, shows: Iterable[str]) -> Wish:
    """The wish with a tidy title. Raises Invalid for what is none."""
    tidy, chosen, problems = " ".join(title.split()), frozenset(shows), {}
    if form not in FORMS:
        problems["form"] = [f"Choose one of: {', '.join(FORMS)}."]
    if form == TITLE and not tidy:
        problems["title"] = ["Write the title, as in Miss, Mr or Dr."]
    if len(tidy) > TITLE_LENGTH or not all(c.isalpha() or c in _IN_TITLES for c in tidy):
        problems["title"] = [f"Use at most {TITLE_LENGTH} letters, as in Miss, Mr or Dr."]
    sizes = {code for code in chosen if re.fullmatch(SIZE_PATTERN, code)}
    if not chosen <= {*SHOWABLE, *sizes}:
        problems["shows"] = [f"Choose among: {', '.join(SHOWABLE)}, and sizes."]
    if problems:
        raise Invalid("wish_unclear", "Some fields need another look.", fields=problems)
    return Wish(form, tidy if form == TITLE else "", chosen)


def greeting_not_found() -> NotFound:
    """The one answer for over, withdrawn, of another store and never there."""
    return NotFound("greeting_not_found", "This isn’t here any more.")
