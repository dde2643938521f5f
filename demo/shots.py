"""`make shots`: every page of the demo as a picture at its own size, light and dark."""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from demo import (
    basket_scenes,
    campaign_scenes,
    card_scenes,
    chromium,
    contact_sheet,
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
    service,
)
from demo.scene import Scene, Theme
from demo.service import Service
from demo.stage import set_stage

DOCS = Path(__file__).parent.parent / "docs" / "pictures"
DOCS_MAX_BYTES = 200_000
DOCS_SHEET = ("lay-out", "outfit-liked", "kiosk", "print")
SETTLE_MILLISECONDS = 500


@dataclass(frozen=True)
class Camera:
    """Takes pictures of scenes into a folder, some of them also for the documentation."""

    browser: Browser
    out: Path
    docs: Path | None

    def take(self, origin: str, scene: Scene) -> Iterator[Path]:
        """The scene in each of its themes."""
        for theme in scene.themes:
            path = self.out / f"{scene.name}-{theme}.png"
            self._take(origin, scene, theme, path)
            yield path
        if self.docs and scene.docs_scale:
            picture, as_framed = self.docs / f"{scene.name}.png", replace(scene, is_whole=False)
            self._take(origin, as_framed, scene.themes[0], picture, scale=scene.docs_scale)
            contact_sheet.shrink(picture, max_bytes=DOCS_MAX_BYTES)

    def _take(
        self, origin: str, scene: Scene, theme: Theme, path: Path, *, scale: float = 1
    ) -> None:
        width, height = scene.size
        context = self.browser.new_context(
            service_workers="block",
            base_url=origin,
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            color_scheme=theme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.add_cookies(
            [{"name": n, "value": v, "url": origin} for n, v in scene.cookies.items()]
        )
        page = context.new_page()
        if scene.has_clock:
            page.clock.install()
        page.goto(scene.path, wait_until="load")
        if scene.act:
            scene.act(page)
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        if scene.is_whole:
            # A taller window rather than a stitched picture: what sticks to the foot stays there.
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(height, whole)})
        page.screenshot(path=path)
        context.close()


def main() -> None:
    """Read the command line and photograph a shop of our own."""
    parser = argparse.ArgumentParser(description="Screenshot every page of the demo.")
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    parser.add_argument("--docs", action="store_true", help="Also renew docs/pictures.")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.docs:
        DOCS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, service.opened(Path(folder)) as shop:
        pictures = photograph(shop, given.out, DOCS if given.docs else None)
    contact_sheet.compose(pictures, given.out / "contact-sheet.png")
    if given.docs:
        chosen = [DOCS / f"{name}.png" for name in DOCS_SHEET]
        sheet = DOCS / "contact-sheet.png"
        contact_sheet.compose(chosen, sheet, width=2000, tile_height=480, has_names=False)
        contact_sheet.shrink(sheet, max_bytes=DOCS_MAX_BYTES)
    print(f"{len(pictures)} pictures and contact-sheet.png in {given.out}")


def photograph(shop: Service, out: Path, docs: Path | None) -> list[Path]:
    """Live the first minutes of a day, then take every picture, the prizes' after closing."""
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        camera = Camera(browser, out, docs)
        pictures = _take_all(camera, shop, scenes.at_opening())
        with shop.day("shots") as day:
            for action in day.plan().warm_up():
                day.act(action)
            stage = set_stage(day)
        # First what staff see: their tablets lock when nobody touches them.
        room = room_scenes.furnish(day, stage)
        room_scenes.leave_for_visitors(shop, stage, room)
        pictures += _take_all(camera, shop, room_scenes.in_the_room(stage, room))
        kiosk = kiosk_scenes.let_in(day, stage.manager)
        pictures += _take_all(camera, shop, kiosk_scenes.with_a_phone(stage, kiosk, shop.origin))
        pictures += _take_all(camera, shop, kiosk_scenes.with_a_crowd(shop, kiosk))
        pictures += _take_all(camera, shop, device_scenes.of_devices(day, stage))
        pictures += _take_all(camera, shop, fair_scenes.before_anything(stage))
        pictures += _take_all(camera, shop, campaign_scenes.of_campaigns(stage))
        pictures += _take_all(camera, shop, desk_scenes.of_the_desk(stage))
        pictures += _take_all(camera, shop, influence_scenes.of_this_month(stage))
        pictures += _take_all(camera, shop, reward_scenes.of_rewards(stage))
        pictures += _take_all(camera, shop, card_scenes.of_cards(stage))
        pictures += _take_all(camera, shop, basket_scenes.of_baskets(stage))
        pictures += _take_all(camera, shop, greeting_scenes.of_greetings(shop, stage))
        offered = offer_scenes.make_offer(shop, stage)
        pictures += _take_all(camera, shop, offer_scenes.of_offers(stage, offered))
        trials = later.bring_about(shop, stage)
        pictures += _take_all(camera, shop, fair_scenes.of_fair_play(stage, trials))
        pictures += _take_all(camera, shop, note_scenes.of_notes(stage, trials.told))
        pictures += _take_all(camera, shop, occasion_scenes.of_going_out(stage, trials.going_out))
        pictures += _take_all(camera, shop, pharmacy_scenes.of_the_pharmacy(shop))
        pictures += _take_all(camera, shop, scenes.before_closing(stage))
        shop.let_time_pass(timedelta(minutes=12), note_scenes.ELSEWHERE)
        pictures += _take_all(camera, shop, scenes.after_closing(stage))
        pictures += _take_all(camera, shop, note_scenes.by_an_account_elsewhere())
        pictures += _take_all(camera, shop, influence_scenes.of_influence(shop))
        browser.close()
    return pictures


def _take_all(camera: Camera, shop: Service, of: Sequence[Scene]) -> list[Path]:
    return [path for scene in of for path in camera.take(shop.origin, scene)]


if __name__ == "__main__":
    main()
