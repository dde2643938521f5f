"""What this browser asked for before a code came: to which address, when, and where it leads."""

from dataclasses import dataclass
from datetime import datetime

from flask import session as browser

from core import clock
from retail.accounts import rules
from web.pages.destinations import local_path


@dataclass(frozen=True)
class Asked:
    """What this browser asked for: a code to this address, at that time."""

    brand_slug: str
    email: str
    asked_at: datetime
    next: str | None

    @property
    def is_over(self) -> bool:
        """Whether the code has run out by now."""
        return clock.now() >= self.asked_at + rules.CODE_LIFETIME


def remember(door: str, brand_slug: str, email: str, onward: str | None) -> None:
    """Note that a code for a door is on its way."""
    browser[door] = [brand_slug, email.strip(), clock.now().isoformat(), onward]


def recall(door: str, brand_slug: str) -> Asked | None:
    """What was asked for at the door of this brand, if anything was."""
    kept = browser.get(door)
    if not kept or kept[0] != brand_slug:
        return None
    return Asked(kept[0], kept[1], datetime.fromisoformat(kept[2]), local_path(kept[3]))
