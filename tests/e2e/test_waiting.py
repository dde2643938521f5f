"""What people see while an answer is slow, or does not come: words, shapes, and nothing lost."""

import contextlib

import pytest
from playwright.sync_api import CDPSession, Error, Page, expect

from demo import acts, seed
from demo.service import Service
from tests.e2e.conftest import NewPage

pytestmark = pytest.mark.browser

JOIN, LEAGUE = f"/join/{seed.BRAND_SLUG}", f"/league/{seed.BRAND_SLUG}"
COME_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
BUTTON = """form = document.querySelector('main form'), button = form.querySelector('button'),
    ({isPressed: button.hasAttribute('data-pressed'), text: button.innerText.trim(),
      isBusy: form.ariaBusy === 'true', width: button.offsetWidth})"""
# Boxes are as large as their words, and those as wide as the letters that have come.
ALL_LETTERS = "document.fonts.ready.then(() => true)"
BOXES = """[...document.querySelectorAll('.lay image')].map(each => {
    const {x, y, width, height} = each.getBoundingClientRect();
    return [x, y, width, height].map(Math.round) })"""


class Hold:
    """Keeps requests to some addresses from the network until they are let go."""

    def __init__(self, page: Page, addresses: str) -> None:
        self._wire: CDPSession = page.context.new_cdp_session(page)
        self._wire.send("Network.enable")
        self._wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._wire.send("Fetch.enable", {"patterns": [{"urlPattern": addresses}]})

    def let_go(self) -> None:
        """Let everything through that waits, and all that comes."""
        self._wire.send("Fetch.disable")


def test_a_sent_form_says_so_and_is_not_sent_twice(shop: Service, new_page: NewPage) -> None:
    page = new_page(shop.origin)
    page.goto(JOIN)
    page.get_by_label("E-mail").fill("ida@shopper.example")
    page.evaluate(ALL_LETTERS)
    before = page.evaluate(BUTTON)
    asked = []
    page.route(f"**{JOIN}", lambda route: (asked.append(route), route.fulfill(status=204)))
    press = "document.querySelector('main form button').click(), "
    at_once = page.evaluate(press + BUTTON)
    assert at_once == {**before, "isPressed": True}
    expect(page.locator("main form button").first).to_have_text("Sending…", use_inner_text=True)
    assert page.evaluate(press + BUTTON) == {**at_once, "text": "Sending…", "isBusy": True}
    # What a second press sent would be on its way before the answer to this.
    page.evaluate("fetch('/readyz').then(() => true)")
    assert len(asked) == 1
    page.evaluate(COME_BACK)
    assert page.evaluate(BUTTON) == before


def test_a_form_that_finds_no_network_keeps_what_was_typed(
    shop: Service, new_page: NewPage
) -> None:
    page = new_page(shop.origin, expected=("ERR_INTERNET_DISCONNECTED",))
    page.goto(JOIN)
    page.get_by_label("E-mail").fill("ida@shopper.example")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("status")).to_contain_text("You’re offline")
    expect(page.get_by_label("E-mail")).to_have_value("ida@shopper.example")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Six digits")).to_be_visible()


def test_tags_hang_where_drawings_are_slow_and_nothing_moves(
    shop: Service, new_page: NewPage
) -> None:
    page = new_page(shop.origin)
    page.goto(JOIN)
    page.evaluate(ALL_LETTERS)
    expect(page.locator(".to-come")).to_have_count(0)
    drawn = page.evaluate(BOXES)
    hold = Hold(page, "*/garments/*")
    page.reload(wait_until="commit")
    expect(page.locator(".lay image.to-come")).to_have_count(len(drawn))
    page.evaluate(ALL_LETTERS)
    assert page.evaluate(BOXES) == drawn
    hold.let_go()
    expect(page.locator(".to-come")).to_have_count(0)
    assert page.evaluate(BOXES) == drawn
    addresses = "[...document.querySelectorAll('.lay image')].map(each => each.href.baseVal)"
    assert all(each.startswith("/garments/") for each in page.evaluate(addresses))


def test_a_drawing_that_never_comes_leaves_its_tag(shop: Service, new_page: NewPage) -> None:
    page = new_page(shop.origin, expected=("ERR_FAILED",))
    page.route("**/garments/**", lambda route: route.abort())
    page.goto(JOIN)
    expect(page.locator(".lay image.missing")).to_have_count(5)


def test_another_season_shows_its_shape_while_it_is_slow(shop: Service, new_page: NewPage) -> None:
    page = new_page(shop.origin)
    page.goto(LEAGUE)
    page.route("**/league/*month*", lambda route: route.fulfill(status=204))
    page.get_by_role("link", name="This month").click()
    expect(page.locator(".bones li")).to_have_count(7)
    expect(page.locator("#rows[aria-busy=true]")).to_have_count(1)
    page.evaluate(COME_BACK)
    expect(page.locator(".bones")).to_have_count(0)
    expect(page.locator("#rows[aria-busy]")).to_have_count(0)


def test_rows_stay_while_newer_ones_are_slow(shop: Service, new_page: NewPage) -> None:
    page = new_page(shop.origin)
    page.goto(LEAGUE)
    pill, rows = page.locator("[data-live-status]"), page.locator("#rows")
    expect(pill).to_have_text("Live")
    before = rows.inner_text()
    hold = Hold(page, "*/fragments/*")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(pill).to_have_text("Updating…")
    assert rows.inner_text() == before
    hold.let_go()
    expect(pill).to_have_text("Live")


def stop_the_clock(page: Page) -> int:
    """Let time pass only where the test does; gives the age of the page in milliseconds."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1_000 + 1)
    return int(page.evaluate("performance.now()"))


def test_after_five_minutes_offline_stock_is_too_old_to_show(
    shop: Service, new_page: NewPage
) -> None:
    page = new_page(shop.origin, expected=("ERR_INTERNET_DISCONNECTED",))
    page.clock.install()
    page.goto(LEAGUE)
    expect(page.locator("[data-live-status]")).to_have_text("Live")
    acts.go_offline(page)
    # It heard from the shop when it was younger.
    age = stop_the_clock(page)
    page.clock.run_for(290_000 - age)
    expect(page.locator("html[data-stale]")).to_have_count(0)
    page.clock.run_for(age + 20_000)
    expect(page.locator("html[data-stale]")).to_have_count(1)


def test_a_season_that_ends_without_a_network_stays_until_there_is_one(
    quiet_shop: Service, new_page: NewPage
) -> None:
    # The shared shop's season may have ended already.
    page = new_page(quiet_shop.origin, expected=("ERR_INTERNET_DISCONNECTED",))
    page.clock.install()
    page.goto(LEAGUE)
    acts.go_offline(page)
    page.clock.run_for(900_000)
    expect(page.locator("html[data-stale]")).to_have_count(1)
    page.context.set_offline(False)
    # The page opens anew as soon as it may, also in the middle of this.
    with contextlib.suppress(Error):
        page.clock.run_for(20_000)
    expect(page.locator("html[data-stale]")).to_have_count(0)
