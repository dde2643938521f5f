"""Scenes of a kiosk that was let in: somebody uses it with their phone, and a crowd is there."""

import contextlib
from collections.abc import Mapping
from urllib.parse import urljoin

from demo import acts
from demo.acts import Act, Page
from demo.crowd_stage import gather
from demo.scene import KIOSK, Scene
from demo.scene import kiosk as kiosk_of
from demo.service import Service
from demo.simulator.browser import Browser
from demo.simulator.day import OFFICE, Day
from demo.simulator.desk import Desk, Wish, store_id
from demo.stage import Stage


def let_in(day: Day, manager: Mapping[str, str]) -> Mapping[str, str]:
    """Let a kiosk into Covent Garden, as a manager does; gives its cookie."""
    origin = day.shop.origin
    store = store_id(origin, "covent-garden", day.shop.keys[OFFICE])
    wish = Wish("kiosk", "Entrance", "The kiosk at the entrance")
    with contextlib.closing(Browser(origin, dict(manager))) as browser:
        return {"device": Desk(browser, store).let_in(wish)}


def with_a_phone(stage: Stage, kiosk: Mapping[str, str], origin: str) -> list[Scene]:
    """From the code to the warning, and what the phone says meanwhile."""
    dark, link = {"size": KIOSK, "themes": ("dark",)}, _link(origin, stage.stylist)
    return [
        Scene("kiosk-code", "/kiosk", kiosk, act=_show_code, **dark),
        Scene("kiosk-yours", "/kiosk", kiosk, act=link, **dark),
        Scene("my-kiosk", "/me/kiosk", stage.stylist, is_whole=True),
        Scene(
            "kiosk-yours-ends",
            "/kiosk",
            kiosk,
            act=acts.then(link, acts.wait(45), acts.see("[data-warning]:not([hidden])")),
            has_clock=True,
            **dark,
        ),
    ]


def with_a_crowd(shop: Service, kiosk: Mapping[str, str]) -> list[Scene]:
    """The same kiosk once people are there who like what it seldom shows."""
    gather(shop)
    dark = {"size": KIOSK, "themes": ("dark",)}
    attract = {"act": acts.wait(61), "has_clock": True}
    return [
        Scene("kiosk-chosen", kiosk_of(), kiosk, **dark),
        Scene("kiosk-chosen-attract", kiosk_of(), kiosk, **attract, **dark),
    ]


def _show_code(page: Page) -> None:
    """End whatever the scene before left, and ask for a code."""
    for words in ("End", "Not now"):
        button = page.get_by_role("button", name=words, exact=True)
        if button.count():
            # What shows is waited for, not the way there: the live page goes there of itself too.
            button.click()
            page.locator(".attract form button").wait_for()
    page.locator(".attract form button").click()
    page.locator(".linking .code").wait_for()


def _link(origin: str, cookies: Mapping[str, str]) -> Act:
    """Link a phone by the code on the screen."""

    def act(page: Page) -> None:
        _show_code(page)
        code = page.locator(".linking .code").inner_text()
        with contextlib.closing(Browser(origin, dict(cookies))) as phone:
            phone.send(phone.open(f"/me/kiosk?code={code}").form("/me/kiosk/link"))
        page.goto(urljoin(page.url, "/kiosk"))
        page.locator(".yours").wait_for()

    return act
