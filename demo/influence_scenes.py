"""The screens of who moves people, over a month that is over and one that runs."""

import contextlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from demo.last_month import live_last_month
from demo.scene import DESK, Scene
from demo.service import Service
from demo.simulator.browser import Browser
from demo.stage import Stage, at_work

_PAGE, _COST = "/staff/influencers", "hundred_points=1.00"
_WIDE, _SMALL_TABLET = (1440, 900), (1024, 768)
# The first stylist on the board, and the latest week of the league to choose.
_ONE = r'href="(/staff/influencers/[0-9A-Z]{26}[^"]*)"'
_WEEK = r'<option value="([0-9A-Z]{26})"'


def of_this_month(stage: Stage) -> list[Scene]:
    """What the running month says, to the shop and to a stylist herself, and what is no date."""
    told = {"themes": ("light",), "is_whole": True}
    wrong = f"{_PAGE}?from=2026-10-20&until=2026-10-03"
    unread = told | {"expected": ("422",)}
    return [
        Scene("staff-influencers-now", _PAGE, stage.manager, size=DESK, **told),
        Scene("staff-influencers-now-phone", _PAGE, stage.manager, **told),
        Scene("staff-influencers-wrong", wrong, stage.manager, size=DESK, **unread),
        Scene("staff-influencers-wrong-phone", wrong, stage.manager, **unread),
        Scene("my-influence", "/me/influence", stage.stylist, is_whole=True),
    ]


def of_influence(shop: Service) -> list[Scene]:
    """The board of a month that is over, of days and a week of it, and one stylist on it."""
    month = live_last_month(shop, datetime.now(UTC) + shop.here.clock_offset)
    with shop.day("influence") as day:
        # Nobody asked for a code of hers before, so there is only one to type.
        ada = at_work(day, "Ada Quill")
    told = {"themes": ("light",), "is_whole": True}
    over = f"{_PAGE}?month={month}&{_COST}"
    one, week = (_first(shop, ada, over, link) for link in (_ONE, _WEEK))
    days = f"{_PAGE}?from={month}-03&until={month}-27"
    a_week = f"{_PAGE}?period={week}"
    return [
        Scene("staff-influencers", over, ada, size=_WIDE, **told),
        Scene("staff-influencers-desk", f"{over}&sort=sales", ada, size=DESK, **told),
        Scene("staff-influencers-store", f"{over}&store=covent-garden", ada, size=DESK, **told),
        Scene("staff-influencers-tablet", over, ada, size=_SMALL_TABLET, **told),
        Scene("staff-influencers-phone", over, ada, **told),
        Scene("staff-influencers-days", days, ada, size=DESK, **told),
        Scene("staff-influencers-days-phone", days, ada, **told),
        Scene("staff-influencers-week", a_week, ada, size=DESK, **told),
        Scene("staff-influencers-week-phone", a_week, ada, **told),
        Scene("staff-influencer", one, ada, size=DESK, **told),
        Scene("staff-influencer-phone", one, ada, **told),
    ]


def _first(shop: Service, cookies: Mapping[str, str], page: str, link: str) -> str:
    """The first address, or name of a period, that a page gives by a pattern."""
    origin = shop.environment["PUBLIC_URL"]
    with contextlib.closing(Browser(origin, dict(cookies))) as browser:
        found = re.search(link, browser.open(page).text)
    if found is None:
        raise LookupError(f"{link} at {page}")
    return found[1].replace("&amp;", "&")
