"""Every screen in every state and both themes: accessible, silent, at home, and narrow enough."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from demo import (
    basket_scenes,
    campaign_scenes,
    card_scenes,
    desk_scenes,
    fair_scenes,
    influence_scenes,
    later,
    note_scenes,
    occasion_scenes,
    offer_scenes,
    pharmacy_scenes,
    reward_scenes,
    scenes,
)
from demo.scene import KIOSK, PHONE, Scene
from demo.service import Service
from demo.stage import set_stage
from tests.e2e.conftest import NewPage

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
Wrongs = dict[str, list[str]]


# What else axe asks for has nothing to do with the colours of a theme.
OF_COLOUR = ("color-contrast", "link-in-text-block")


def violations(page: Page, only: Sequence[str] = ()) -> list[str]:
    """What axe, which is in the page already, has to say; no rule is off, unless some are named."""
    results = page.evaluate(
        "only => axe.run({resultTypes: ['violations'], ...(only.length ? {runOnly: only} : {})})",
        list(only),
    )
    return [
        f"{found['id']}: {found['help']} at {[node['target'] for node in found['nodes']][:4]}"
        for found in results["violations"]
    ]


def sideways(page: Page) -> list[str]:
    """Whether the smallest phones would have to scroll sideways."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px wide on a phone of {NARROW['width']}"] if width > NARROW["width"] else []


def too_wide_when_typed(page: Page) -> list[str]:
    """Captions and names that leave the smallest phone when somebody types one endless word."""
    return page.evaluate(
        """() => {
          const typed = [...document.querySelectorAll(
            ".outfit h1, .me-head h1, .grid b, .by b, .rows b, .league .nm > span:first-child"
          )].filter(one => !one.closest(".vh, .ad"))
          typed.forEach(one => (one.firstElementChild ?? one).textContent = "W".repeat(80))
          return typed.filter(one => one.getBoundingClientRect().right > innerWidth)
            .map(one => `${one.localName} in ${one.parentElement.className} leaves the phone`)
        }"""
    )


def under_a_tape(page: Page) -> list[str]:
    """Names and captions on a kiosk's board that run on beneath their own score."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".ranks .nm")]
          .filter(one => one.scrollWidth > one.clientWidth + 1)
          .map(one => `${one.textContent.trim()} lies under a tape`)"""
    )


@dataclass
class Inspector:
    """Looks at scenes, in as few browsers as do not disturb each other."""

    new_page: NewPage
    origin: str
    wrongs: Wrongs = field(default_factory=dict)
    _kept: dict[frozenset[tuple[str, str]], Page] = field(default_factory=dict)

    def inspect_all(self, of: Sequence[Scene]) -> None:
        """Note what is wrong with these scenes, by scene and theme."""
        for scene in of:
            if scene.act or scene.expected:
                page = self._open(scene)
                self._inspect(page, scene)
                page.context.close()
            else:
                visitor = frozenset(scene.cookies.items())
                if visitor not in self._kept:
                    self._kept[visitor] = self._open(scene)
                self._inspect(self._kept[visitor], scene)
        self._leave()

    def _leave(self) -> None:
        """Look away: a live page follows all that happens, and misses a shop that is stopped."""
        for page in self._kept.values():
            page.goto("about:blank")

    def _open(self, scene: Scene) -> Page:
        page = self.new_page(
            self.origin,
            cookies=dict(scene.cookies),
            expected=scene.expected,
            reduced_motion="reduce",
        )
        if scene.has_clock:
            page.clock.install()
        return page

    def _inspect(self, page: Page, scene: Scene) -> None:
        width, height = scene.size
        page.set_viewport_size({"width": width, "height": height})
        page.goto(scene.path)
        if scene.act:
            scene.act(page)
        page.evaluate(AXE_SCRIPT)
        for theme, rules in zip(scene.themes, ((), OF_COLOUR), strict=False):
            page.emulate_media(color_scheme=theme)
            self._note(f"{scene.name} {theme}", violations(page, rules))
        if scene.size == KIOSK:
            self._note(f"{scene.name} board", under_a_tape(page))
        if scene.size == PHONE:
            self._note(f"{scene.name} narrow", sideways(page) + too_wide_when_typed(page))

    def _note(self, where: str, found: list[str]) -> None:
        if found:
            self.wrongs[where] = found


def test_every_screen(quiet_shop: Service, new_page: NewPage) -> None:
    inspector = Inspector(new_page, quiet_shop.origin)
    inspector.inspect_all(scenes.at_opening())
    with quiet_shop.day("screens") as day:
        for action in day.plan().warm_up(people=10, looks=9, likes=40):
            day.act(action)
        stage = set_stage(day)
    inspector.inspect_all(fair_scenes.before_anything(stage))
    inspector.inspect_all(campaign_scenes.of_campaigns(stage))
    inspector.inspect_all(desk_scenes.of_the_desk(stage))
    # A month that is over takes too long to live through here; its pages are of these templates.
    inspector.inspect_all(influence_scenes.of_this_month(stage))
    inspector.inspect_all(reward_scenes.of_rewards(stage))
    inspector.inspect_all(card_scenes.of_cards(stage))
    inspector.inspect_all(basket_scenes.of_baskets(stage))
    offered = offer_scenes.make_offer(quiet_shop, stage)
    inspector.inspect_all(offer_scenes.of_offers(stage, offered))
    trials = later.bring_about(quiet_shop, stage)
    inspector.inspect_all(fair_scenes.of_fair_play(stage, trials))
    inspector.inspect_all(note_scenes.of_notes(stage, trials.told))
    inspector.inspect_all(occasion_scenes.of_going_out(stage, trials.going_out))
    inspector.inspect_all(pharmacy_scenes.of_the_pharmacy(quiet_shop))
    inspector.inspect_all(scenes.before_closing(stage))
    quiet_shop.let_time_pass(timedelta(minutes=12), note_scenes.ELSEWHERE)
    inspector.inspect_all(scenes.after_closing(stage))
    inspector.inspect_all(note_scenes.by_an_account_elsewhere())
    wrongs = [f"{where}: {what}" for where, found in inspector.wrongs.items() for what in found]
    assert "\n".join(wrongs) == ""
