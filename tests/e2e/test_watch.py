"""The control of what every browser test asserts: who asks another origin is found out."""

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.e2e.conftest import Watch

pytestmark = pytest.mark.browser

HOME, AWAY = "http://home.test", "http://home.test.away.test"
# None of them is asked in earnest.
PAGES = {
    "picture": f'<img src="{AWAY}/asked">',
    "style": f'<link rel="stylesheet" href="{AWAY}/asked">',
    "frame": f'<iframe src="{AWAY}/asked"></iframe>',
    "beacon": f'<script>navigator.sendBeacon("{AWAY}/asked", "1")</script>',
    "window": f'<script>open("{AWAY}/asked")</script>',
}


def opened(browser: Browser, body: str) -> tuple[Page, Watch]:
    """A page at home, to which everywhere else answers as well."""

    def answer(route: Route) -> None:
        at_home = route.request.url == f"{HOME}/"
        route.fulfill(body=f"<!doctype html><link rel=icon href='data:,'>{body if at_home else ''}")

    context = browser.new_context(service_workers="block")
    context.route("**/*", answer)
    watch = Watch(HOME)
    page = watch.over(context.new_page())
    page.goto(f"{HOME}/", wait_until="load")
    return page, watch


@pytest.mark.parametrize("how", PAGES)
def test_a_page_that_asks_elsewhere_is_found_out(browser: Browser, how: str) -> None:
    page, watch = opened(browser, PAGES[how])
    page.wait_for_load_state("networkidle")
    assert f"left the origin: {AWAY}/asked" in watch.complaints
    page.context.close()


def test_a_page_that_stays_at_home_is_not(browser: Browser) -> None:
    page, watch = opened(browser, f'<img src="{HOME}/own"><img src="data:image/gif;base64,R0lGOD">')
    page.wait_for_load_state("networkidle")
    assert watch.complaints == []
    page.context.close()
