"""Scenes of devices: let in by a code, looked after at the desk, and a tablet that was revoked."""

import contextlib
from collections.abc import Mapping

from demo import acts
from demo.acts import Page
from demo.scene import KIOSK, TABLET, Scene
from demo.simulator.browser import Browser
from demo.simulator.day import OFFICE, Day
from demo.simulator.desk import Desk, Wish, store_id
from demo.stage import Stage

COUNTER = "The tablet at the counter"


def of_devices(day: Day, stage: Stage) -> list[Scene]:
    """What shows a code, where it is typed, and what a tablet says once it may do nothing."""
    dark, light = {"themes": ("dark",)}, {"size": TABLET, "themes": ("light",), "is_whole": True}
    wrong = acts.then(acts.fill_in("code", "0000-0000"), acts.fill_in("zone", "Counter"))
    refused = acts.then(wrong, acts.press("Let it in"), acts.see("[aria-invalid=true]"))
    return [
        Scene("kiosk-pairing", "/kiosk", size=KIOSK, **dark),
        Scene("tablet-pairing", "/tablet", size=TABLET, **dark),
        Scene("tablet-code", "/tablet", size=TABLET, act=_show_code, **dark),
        Scene("staff-devices", "/staff/devices", stage.manager, **light),
        Scene(
            "staff-devices-wrong",
            "/staff/devices",
            stage.manager,
            act=refused,
            expected=("422",),
            **light,
        ),
        Scene(
            "tablet-revoked",
            "/staff/requests",
            {**stage.manager, **_revoked(day, stage.manager)},
            expected=("401",),
            **light,
        ),
    ]


def _revoked(day: Day, manager: Mapping[str, str]) -> Mapping[str, str]:
    """The cookie of a tablet that was let into Covent Garden, and revoked, as a manager does."""
    origin = day.shop.origin
    store = store_id(origin, "covent-garden", day.shop.keys[OFFICE])
    with contextlib.closing(Browser(origin, dict(manager))) as browser:
        token = Desk(browser, store).let_in(Wish("tablet", "Counter", COUNTER))
        page = browser.open("/staff/devices")
        section = page.text.partition(f">{COUNTER}<")[2]
        address = section.partition("/revoke")[0].rpartition('action="')[2]
        browser.send(page.form(f"{address}/revoke"))
    return {"device": token}


def _show_code(page: Page) -> None:
    page.get_by_role("button", name="Show a code").click()
    page.locator(".code.mono").wait_for()
