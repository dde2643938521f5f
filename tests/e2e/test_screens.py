"""Every screen in every state and both themes: accessible, silent, at home, and fit for fingers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error, Page

from demo import (
    basket_scenes,
    campaign_scenes,
    card_scenes,
    desk_scenes,
    device_scenes,
    fair_scenes,
    greeting_scenes,
    influence_scenes,
    kiosk_scenes,
    later,
    note_scenes,
    occasion_scenes,
    offer_scenes,
    pharmacy_scenes,
    reward_scenes,
    room_scenes,
    scenes,
)
from demo.scene import KIOSK, PHONE, Scene
from demo.service import Service
from demo.stage import set_stage
from tests.e2e.conftest import NewPage
from tests.e2e.touch import too_small

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
# It is the same for everybody and follows nothing.
QUIET = "/offline"
Wrongs = dict[str, list[str]]
# A live page goes on by itself when a code runs out or a screen is cleared; on a slow machine that
# falls between two looks at it.
GONE_ON = "Execution context was destroyed"
LOOKS = 3


# What else axe asks for has nothing to do with the colours of a theme.
OF_COLOUR = ("color-contrast", "link-in-text-block")
# No colour is seen of what is folded away, but axe takes its time to find that out of each element.
MUCH_IS_FOLDED = 1000


def violations(page: Page, *, only_colours: bool = False) -> list[str]:
    """What axe, which is in the page already, has to say; no rule is off, unless it is asked so."""
    found = page.evaluate(
        """async ([colours, isOnlyColours, much]) => {
          const look = async options => {
            const {violations} = await axe.run({resultTypes: ["violations"], ...options})
            return violations.map(({id, help, nodes}) => ({id, help, at: nodes.map(n => n.target)}))
          }
          const folded = [...document.querySelectorAll("details:not([open]) > :not(summary)")]
          const elements = folded.reduce((sum, one) => sum + one.querySelectorAll("*").length, 0)
          if (elements < much) return look(isOnlyColours ? {runOnly: colours} : {})
          const off = Object.fromEntries(colours.map(rule => [rule, {enabled: false}]))
          const others = isOnlyColours ? [] : await look({rules: off})
          const places = folded.map(one => {
            const place = document.createComment("")
            one.replaceWith(place)
            return place
          })
          try {
            return [...others, ...await look({runOnly: colours})]
          } finally {
            places.forEach((place, i) => place.replaceWith(folded[i]))
          }
        }""",
        [OF_COLOUR, only_colours, MUCH_IS_FOLDED],
    )
    return [f"{each['id']}: {each['help']} at {each['at'][:4]}" for each in found]


def sideways(page: Page) -> list[str]:
    """Whether the smallest phones would have to scroll sideways."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    # The sheet clips what sticks out, so the page's own width would not tell.
    return page.evaluate(
        """() => {
          const isHeld = one => {
            for (let up = one.parentElement; up && !up.matches("body, .sheet-of-paper");
                 up = up.parentElement)
              if (getComputedStyle(up).overflowX !== "visible") return true
            return false
          }
          return [...document.body.querySelectorAll("*")]
            .filter(one => one.getClientRects().length && !one.closest(".vh"))
            .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !isHeld(one))
            .slice(0, 4)
            .map(one => `${one.localName}.${one.className} leaves a phone of ${innerWidth} px`)
        }"""
    )


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
class Seat:
    """A visitor's browser, which she keeps: another one, with its process, costs half a second."""

    page: Page
    expected: list[str]
    is_away: bool = True

    def take(self, scene: Scene, origin: str) -> Page:
        """The page, with these cookies and no others, whatever was done in it before."""
        context = self.page.context
        extra = [each["name"] for each in context.cookies() if each["name"] not in scene.cookies]
        if extra:
            # What the live page asks for meanwhile would be asked for by nobody.
            self.leave()
        for name in extra:
            context.clear_cookies(name=name)
        if scene.cookies:
            context.add_cookies(
                [{"name": n, "value": v, "url": origin} for n, v in scene.cookies.items()]
            )
        # Nothing lies under the pointer, which stays where it clicked last.
        self.page.mouse.move(0, 0)
        self.expected[:] = scene.expected
        self.is_away = False
        return self.page

    def leave(self) -> None:
        """Look at what is of this origin, so that the process stays, but asks for nothing."""
        if not self.is_away:
            self.page.goto(QUIET)
            self.expected.clear()
            self.is_away = True


@dataclass
class Inspector:
    """Looks at scenes, in as few browsers as do not disturb each other."""

    new_page: NewPage
    origin: str
    wrongs: Wrongs = field(default_factory=dict)
    _seats: dict[frozenset[tuple[str, str]], Seat] = field(default_factory=dict)

    def inspect_all(self, of: Sequence[Scene]) -> None:
        """Note what is wrong with these scenes, by scene and theme."""
        for scene in of:
            if scene.has_clock or scene.holds_network:
                page = self._open(scene, list(scene.expected))
                self._look_again(page, scene)
                page.context.close()
            else:
                self._look_again(self._seat(scene).take(scene, self.origin), scene)
        self._leave()

    def _look_again(self, page: Page, scene: Scene) -> None:
        """Inspect a scene, from its beginning again while its page goes on by itself meanwhile."""
        for looks in range(1, LOOKS + 1):
            try:
                self._inspect(page, scene)
            except Error as error:
                error.add_note(f"look {looks} at the scene {scene.name}")
                if GONE_ON not in str(error) or looks == LOOKS or scene.has_clock:
                    raise
            else:
                return

    def _leave(self) -> None:
        """Look away: a live page follows all that happens, and misses a shop that is stopped."""
        for seat in self._seats.values():
            seat.leave()

    def _seat(self, scene: Scene) -> Seat:
        visitor = frozenset(scene.cookies.items())
        if visitor not in self._seats:
            expected: list[str] = []
            self._seats[visitor] = Seat(self._open(scene, expected), expected)
        return self._seats[visitor]

    def _open(self, scene: Scene, expected: list[str]) -> Page:
        page = self.new_page(
            self.origin, cookies=dict(scene.cookies), expected=expected, reduced_motion="reduce"
        )
        # Sent once: it is half a megabyte.
        page.add_init_script(AXE_SCRIPT)
        if scene.has_clock:
            page.clock.install()
        return page

    def _inspect(self, page: Page, scene: Scene) -> None:
        width, height = scene.size
        page.set_viewport_size({"width": width, "height": height})
        page.goto(scene.path)
        if scene.act:
            scene.act(page)
        if not scene.holds_network:
            page.wait_for_load_state()
        for theme in scene.themes:
            page.emulate_media(color_scheme=theme)
            found = violations(page, only_colours=theme != scene.themes[0])
            self._note(f"{scene.name} {theme}", found)
        if scene.size == KIOSK:
            self._note(f"{scene.name} board", under_a_tape(page))
        self._note(f"{scene.name} touch", too_small(page, scene))
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
    room = room_scenes.furnish(day, stage)
    room_scenes.leave_for_visitors(quiet_shop, stage, room)
    inspector.inspect_all(room_scenes.in_the_room(stage, room))
    kiosk = kiosk_scenes.let_in(day, stage.manager)
    inspector.inspect_all(kiosk_scenes.with_a_phone(stage, kiosk, quiet_shop.origin))
    inspector.inspect_all(kiosk_scenes.with_a_crowd(quiet_shop, kiosk))
    inspector.inspect_all(device_scenes.of_devices(day, stage))
    inspector.inspect_all(fair_scenes.before_anything(stage))
    inspector.inspect_all(campaign_scenes.of_campaigns(stage))
    inspector.inspect_all(desk_scenes.of_the_desk(stage))
    inspector.inspect_all(influence_scenes.of_this_month(stage))
    inspector.inspect_all(reward_scenes.of_rewards(stage))
    inspector.inspect_all(card_scenes.of_cards(stage))
    inspector.inspect_all(basket_scenes.of_baskets(stage))
    inspector.inspect_all(greeting_scenes.of_greetings(quiet_shop, stage))
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
    inspector.inspect_all(influence_scenes.of_influence(quiet_shop))
    wrongs = [f"{where}: {what}" for where, found in inspector.wrongs.items() for what in found]
    assert not wrongs, "\n".join(wrongs)
