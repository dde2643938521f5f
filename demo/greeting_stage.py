"""Somebody who keeps pieces and comes in, to be greeted as she wishes."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace

from demo import seed
from demo.rewards import SAVER
from demo.simulator.browser import Browser

# Two trenches and a jumper, as their labels have them in the demo's catalogue.
_SAVED = ("09520010000216", "09520010000636", "09520010009455")
_SHOWS = ("last_visit", "tier", "bought", "saved", "vouchers")


def come_in(origin: str, cookies: Mapping[str, str]) -> None:
    """Have her say how she is greeted and what she shows, and check in at the door."""
    with contextlib.closing(Browser(origin, dict(cookies))) as phone:
        # What she bought and saved is spoken of only where she is known to be of age.
        mine = phone.open("/me/profile").form("/me/profile")
        phone.send(mine.fill(birth_on=SAVER.birth_on))
        for gtin in _SAVED:
            label = f"/01/{gtin}"
            phone.send(phone.open(f"{label}?b={seed.BRAND_SLUG}").form(f"{label}/save"))
        wish = phone.open("/me/greeting").form("/me/greeting").fill(form="title", title="Mrs")
        ticked = tuple(("shows", one) for one in _SHOWS)
        phone.send(replace(wish, fields=wish.fields + ticked))
        door = f"/in/{seed.BRAND_SLUG}/covent-garden"
        phone.send(phone.open(door).form(f"{door}/check-in"))
