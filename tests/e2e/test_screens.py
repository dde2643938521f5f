"""Every screen in every state and both themes: accessible, silent, at home, and narrow enough."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from demo import scenes
from demo.scenes import PHONE, Scene
from demo.service import Service
from demo.stage import set_stage
from tests.e2e.conftest import NewPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NARROW = {"width": 320, "height": 640}
Wrongs = dict[str, list[str]]


def violations(page: Page) -> list[str]:
    """What axe, which is in the page already, has to say; no rule is off."""
    results = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{found['id']}: {found['help']} at {[node['target'] for node in found['nodes']][:4]}"
        for found in results["violations"]
    ]


def sideways(page: Page) -> list[str]:
    """Whether the smallest phones would have to scroll sideways."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px wide on a phone of {NARROW['width']}"] if width > NARROW["width"] else []


def inspect(new_page: NewPage, origin: str, scene: Scene) -> Wrongs:
    """What is wrong with a scene, by theme."""
    width, height = scene.size
    page = new_page(
        origin,
        cookies=dict(scene.cookies),
        expected=scene.expected,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    if scene.has_clock:
        page.clock.install()
    page.goto(scene.path)
    if scene.act:
        scene.act(page)
    page.evaluate(AXE_SCRIPT)
    wrongs = {}
    for theme in scene.themes:
        page.emulate_media(color_scheme=theme)
        wrongs[f"{scene.name} {theme}"] = violations(page)
    if scene.size == PHONE:
        wrongs[f"{scene.name} narrow"] = sideways(page)
    page.context.close()
    return {where: found for where, found in wrongs.items() if found}


def inspect_all(new_page: NewPage, origin: str, of: Sequence[Scene]) -> Wrongs:
    wrongs: Wrongs = {}
    for scene in of:
        wrongs |= inspect(new_page, origin, scene)
    return wrongs


def test_every_screen(quiet_shop: Service, new_page: NewPage) -> None:
    origin = quiet_shop.origin
    wrongs = inspect_all(new_page, origin, scenes.at_opening())
    with quiet_shop.day("screens") as day:
        for action in day.plan().warm_up(people=10, looks=9, likes=40):
            day.act(action)
        stage = set_stage(day)
    wrongs |= inspect_all(new_page, origin, scenes.before_closing(stage))
    quiet_shop.let_time_pass(timedelta(minutes=12))
    wrongs |= inspect_all(new_page, origin, scenes.after_closing(stage))
    report = "\n".join(f"{where}: {what}" for where, found in wrongs.items() for what in found)
    assert report == ""
