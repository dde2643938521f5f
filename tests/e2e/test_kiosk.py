"""A kiosk and a phone: linked by the code, live on both, and nothing to come back to afterwards."""

import re

import pytest
from playwright.sync_api import Page, expect

from demo import seed
from demo.kiosk_scenes import let_in
from demo.service import Service
from demo.stage import at_work
from tests.e2e import shopper
from tests.e2e.conftest import KIOSK, LIVE_MILLISECONDS, NewPage
from tests.e2e.leftovers import assert_nothing_is_left

pytestmark = pytest.mark.browser
OFFLINE = "ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def kiosk(shop: Service, new_page: NewPage) -> Page:
    """The screen of a kiosk that was let in; what it cannot ask without a network is no fault."""
    with shop.day("kiosk") as day:
        screen = let_in(day, at_work(day, "Jo Hartley"))
    return new_page(shop.origin, viewport=KIOSK, cookies=dict(screen), expected=(OFFLINE,))


def link(kiosk: Page, phone: Page, name: str) -> None:
    """Have somebody join and link their phone; the screen then is theirs."""
    email = f"{name.split()[0].lower()}@kiosk.example"
    shopper.join(phone, name=name, email=email, onward="/me/kiosk")
    kiosk.goto("/kiosk")
    kiosk.locator(".attract form button").click()
    phone.get_by_label("Code on the kiosk").fill(kiosk.locator(".code").inner_text())
    phone.get_by_role("button", name="Link my phone").click()
    expect(kiosk.get_by_role("heading", name="Hello")).to_be_visible()
    assert hers(kiosk), "the control: while she is there, the page is hers"


def test_after_the_end_neither_page_nor_storage_nor_history_has_anything_of_her(
    shop: Service, new_page: NewPage, kiosk: Page
) -> None:
    phone = new_page(shop.origin)
    link(kiosk, phone, "Kit Kiosk")
    kiosk.get_by_role("button", name="End").click()
    expect(kiosk.locator("[data-attract]")).to_be_visible()
    expect(phone.get_by_text("Your phone isn’t linked to a kiosk.")).to_be_visible()
    assert_nothing_is_left(kiosk, hers)


def test_it_warns_and_clears_itself_also_where_the_shop_is_silent(
    shop: Service, new_page: NewPage, kiosk: Page
) -> None:
    kiosk.clock.install()
    link(kiosk, new_page(shop.origin), "Lou Late")
    kiosk.context.set_offline(True)
    warning = kiosk.locator("[data-warning]")
    kiosk.clock.run_for(25_000)
    expect(warning).to_be_hidden()
    kiosk.clock.run_for(16_000)
    expect(warning).to_be_visible()
    assert hers(kiosk)
    kiosk.clock.run_for(21_000)
    kiosk.wait_for_function("!document.querySelector('[data-linked]')")
    assert not hers(kiosk)


def test_a_name_that_was_taken_back_leaves_the_live_line_with_its_row(
    shop: Service, new_page: NewPage
) -> None:
    store, quiet = "edinburgh", "Like a look, watch it move"
    kiosk = new_page(shop.origin, viewport=KIOSK)
    # Whoever liked her look still has it open when it is shown to nobody any more.
    lena, fan = new_page(shop.origin), new_page(shop.origin, expected=("404",))
    shopper.claim(lena, shopper.buy(shop, store), name="Lena Line", email="lena@kiosk.example")
    look = shopper.show_to_everyone(lena, caption="Seen and gone")
    shopper.join(fan, name="Fan Line", email="fan@kiosk.example", onward=look)
    kiosk.goto(f"/kiosk/{seed.BRAND_SLUG}/{store}")
    line = kiosk.locator("[data-line]")
    expect(line).to_have_text(quiet)
    fan.locator("button.like").click()
    expect(line).to_contain_text("Lena", timeout=LIVE_MILLISECONDS)
    # Whoever pauses reads on, but not a name.
    kiosk.get_by_role("button", name="Pause live updates").click()
    lena.goto("/me/privacy")
    lena.get_by_role("button", name="Stop all sharing").click()
    expect(line).to_have_text(quiet, timeout=LIVE_MILLISECONDS)
    assert "Lena" not in kiosk.locator("body").inner_text()


def hers(page: Page) -> bool:
    """Whether anything of a person stands in the page."""
    return "Hello" in page.content() or page.locator("[data-linked]").count() > 0


def shown_look(kiosk: Page) -> int:
    """Which of the looks is on the whole screen."""
    found = "[...document.querySelectorAll('[data-slide]')].findIndex(one => !one.hidden)"
    return int(kiosk.evaluate(found))


@pytest.mark.parametrize(("motion", "goes_on"), [("no-preference", True), ("reduce", False)])
def test_looks_take_turns_unless_less_is_to_move(
    shop: Service, new_page: NewPage, motion: str, goes_on: bool
) -> None:
    kiosk = new_page(shop.origin, viewport=KIOSK, reduced_motion=motion)
    kiosk.clock.install()
    kiosk.goto(f"/kiosk/{seed.BRAND_SLUG}/covent-garden")
    kiosk.clock.run_for(61_000)
    expect(kiosk.locator("[data-attract]")).to_be_visible()
    assert kiosk.locator("[data-slide]").count() > 1
    first = shown_look(kiosk)
    kiosk.clock.run_for(13_000)
    assert (shown_look(kiosk) != first) == goes_on
    kiosk.locator("[data-pause-looks]").click()
    now = shown_look(kiosk)
    # Short enough for one look: of two, the second turn would bring the first again.
    kiosk.clock.run_for(8_000)
    assert (shown_look(kiosk) != now) != goes_on, "the button says the opposite"


def test_looks_take_turns_also_where_something_happens_all_the_time(
    shop: Service, new_page: NewPage
) -> None:
    kiosk = new_page(shop.origin, viewport=KIOSK)
    kiosk.clock.install()
    kiosk.goto(f"/kiosk/{seed.BRAND_SLUG}/covent-garden")
    kiosk.clock.run_for(61_000)
    expect(kiosk.locator("[data-attract]")).to_be_visible()
    first = shown_look(kiosk)
    swapped = "new CustomEvent('swingtag:swapped', {bubbles: true})"
    for _ in range(5):
        kiosk.clock.run_for(3_000)
        kiosk.evaluate(f"document.querySelector('[data-slides]').dispatchEvent({swapped})")
    assert shown_look(kiosk) != first


def test_how_long_a_season_lasts_is_said_once_an_hour(shop: Service, new_page: NewPage) -> None:
    kiosk = new_page(shop.origin, viewport=KIOSK)
    kiosk.clock.install()
    kiosk.goto(f"/kiosk/{seed.BRAND_SLUG}/covent-garden")
    kiosk.evaluate(
        """() => {
          const box = document.querySelector("[data-ends-at]").dataset
          box.endsAt = new Date(Date.parse(box.now) + 3 * 3_600_000 + 10_000).toISOString()
        }"""
    )
    said = kiosk.locator("body > [aria-live=polite]", has_text="Closes in")
    kiosk.clock.run_for(5_000)
    expect(said).to_have_count(0)
    kiosk.clock.run_for(8_000)
    expect(said).to_have_text(re.compile(r"^Closes in 2 h 59 m$"))
