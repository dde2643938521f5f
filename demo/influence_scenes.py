"""The screens of who moves people, over a month that is over and one that runs."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from demo.last_month import live_last_month
from demo.scene import DESK, Scene
from demo.service import Service
from demo.simulator.browser import Browser
from demo.stage import Stage, at_work

_PAGE, _COST = "/staff/influencers", "hundred_points=1.00"
_WIDE = (1440, 900)


def of_this_month(stage: Stage) -> list[Scene]:
    """What the running month says, to the shop and to a stylist herself."""
    told = {"themes": ("light",), "is_whole": True}
    return [
        Scene("staff-influencers-now", _PAGE, stage.manager, size=DESK, **told),
        Scene("my-influence", "/me/influence", stage.stylist, is_whole=True),
    ]


def of_influence(shop: Service) -> list[Scene]:
    """The board of a month that is over, and one stylist on it."""
    month = live_last_month(shop, datetime.now(UTC) + shop.here.clock_offset)
    with shop.day("influence") as day:
        # Nobody asked for a code of hers before, so there is only one to type.
        ada = at_work(day, "Ada Quill")
    told = {"themes": ("light",), "is_whole": True}
    over = f"{_PAGE}?month={month}&{_COST}"
    one = _first(shop, ada, over)
    return [
        Scene("staff-influencers", over, ada, size=_WIDE, **told),
        Scene("staff-influencers-desk", f"{over}&sort=sales", ada, size=DESK, **told),
        Scene("staff-influencers-store", f"{over}&store=covent-garden", ada, size=DESK, **told),
        Scene("staff-influencers-phone", over, ada, **told),
        Scene("staff-influencer", one, ada, size=DESK, **told),
    ]


def _first(shop: Service, cookies: Mapping[str, str], page: str) -> str:
    """The page of the first stylist on the board."""
    browser = Browser(shop.environment["PUBLIC_URL"])
    browser.cookies.update(cookies)
    found = re.search(r'href="(/staff/influencers/[0-9A-Z]{26}[^"]*)"', browser.open(page).text)
    if found is None:
        raise LookupError(page)
    return found[1].replace("&amp;", "&")
