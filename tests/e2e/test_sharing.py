"""Two phones: one passes a link on, the other comes by it, likes as a guest, and joins."""

import re

import pytest
from playwright.sync_api import expect

from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import LIVE_MILLISECONDS, NewPage
from tests.e2e.scanner import scanned

pytestmark = pytest.mark.browser

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0.0.0 Mobile Safari/537.36"
)
SHEET = """navigator.share = async ({ url }) => {
  document.documentElement.dataset.passedOn = url;
}"""


def test_a_guest_s_like_travels_from_a_scanned_link_through_joining(
    shop: Service, new_page: NewPage
) -> None:
    maya, tom = new_page(shop.origin), new_page(shop.origin, user_agent=PHONE)
    shopper.claim(maya, shopper.buy(shop, "edinburgh"), name="Maya Lewis", email="maya@s.example")
    look = shopper.show_to_everyone(maya, caption="Hills and a hat")
    (link,) = (code for code in scanned(maya) if "/s/" in code)
    tom.goto(link)
    expect(tom.get_by_role("heading", name="Hills and a hat")).to_be_visible()
    tom.get_by_role("button", name="Be the first to like this").click()
    maya.goto(look)
    expect(maya.get_by_text("Be the first to like this")).to_be_visible()
    shopper.join_on_the_way(tom, name="Tom Ward", email="tom@s.example")
    expect(tom.get_by_text("It counts now.")).to_be_visible()
    expect(maya.locator(".like .when-off .n")).to_have_text("1", timeout=LIVE_MILLISECONDS)
    maya.goto(f"/me/outfits/{look.rsplit('/', 1)[1]}/shared")
    expect(maya.get_by_text("Opened once through shared links.")).to_be_visible()


def test_the_share_sheet_gets_a_link_of_its_own_and_its_lack_the_panel(
    shop: Service, new_page: NewPage
) -> None:
    maya = new_page(shop.origin)
    shopper.claim(maya, shopper.buy(shop, "belfast"), name="Maya Lewis", email="maya@t.example")
    look = shopper.show_to_everyone(maya, caption="Harbour weather")
    bare, sheet = new_page(shop.origin), new_page(shop.origin)
    bare.goto(look)
    bare.get_by_role("button", name="Share this look").click()
    expect(bare.get_by_role("heading", name="Harbour weather")).to_be_visible()
    bare.get_by_role("button", name="Copy").click()
    expect(bare.get_by_text("Link copied.")).to_be_visible()
    sheet.add_init_script(SHEET)
    sheet.goto(look)
    sheet.get_by_role("button", name="Share this look").click()
    page = sheet.locator("html")
    expect(page).to_have_attribute("data-passed-on", re.compile("/s/"))
    assert (
        page.get_attribute("data-passed-on") != bare.get_by_label("Or copy the link").input_value()
    )
