"""The screens of who moves people, over a month that is over and one that runs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from demo import seed
from demo.past import live_last_month
from demo.scene import DESK, Scene
from demo.service import Service
from demo.simulator.browser import Browser
from demo.stage import at_work

_PAGE, _COST = "/staff/influencers", "hundred_points=1.00"
_WIDE = (1440, 900)


def of_influence(shop: Service, stylist: Mapping[str, str]) -> list[Scene]:
    """The board as it stands, one stylist on it, what the running month says, and her own page."""
    month = live_last_month(shop, datetime.now(UTC) + shop.here.clock_offset)
    with shop.day("influence") as day:
        jo = at_work(day, seed.MANAGER)
    told = {"themes": ("light",), "is_whole": True}
    over = f"{_PAGE}?month={month}&{_COST}"
    one = _first(shop, jo, over)
    return [
        Scene("staff-influencers", over, jo, size=_WIDE, **told),
        Scene("staff-influencers-desk", f"{over}&sort=sales", jo, size=DESK, **told),
        Scene("staff-influencers-store", f"{over}&store=covent-garden", jo, size=DESK, **told),
        Scene("staff-influencers-now", _PAGE, jo, size=DESK, **told),
        Scene("staff-influencers-phone", over, jo, **told),
        Scene("staff-influencer", one, jo, size=DESK, **told),
        Scene("my-influence", "/me/influence", stylist, is_whole=True),
    ]


def _first(shop: Service, cookies: Mapping[str, str], page: str) -> str:
    """The page of the first stylist on the board."""
    browser = Browser(shop.environment["PUBLIC_URL"])
    browser.cookies.update(cookies)
    found = re.search(r'href="(/staff/influencers/[0-9A-Z]{26}[^"]*)"', browser.open(page).text)
    if found is None:
        raise LookupError(page)
    return found[1].replace("&amp;", "&")
