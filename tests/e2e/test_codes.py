"""Codes on screens and paper can be scanned as they are shown."""

import pytest
from playwright.sync_api import Locator

from demo import seed
from demo.service import Service
from tests.e2e import shopper, shops
from tests.e2e.conftest import KIOSK, PHONE, NewPage
from tests.e2e.scanner import scanned

pytestmark = pytest.mark.browser


def test_the_printed_receipt_opens_itself(shop: Service, new_page: NewPage) -> None:
    claim_url = shopper.buy(shop, "edinburgh")
    page = new_page(shop.origin)
    page.goto("/")
    page.get_by_role("link", name="See the last receipt Edinburgh").click()
    page.get_by_role("heading", name="Like what you bought?").wait_for()
    assert claim_url in scanned(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_is_listed_with_a_code(shop: Service, new_page: NewPage, theme: str) -> None:
    page = new_page(shop.origin, viewport=KIOSK, color_scheme=theme, device_scale_factor=2)
    page.goto("/")
    found = scanned(page)
    links = page.locator("article.screen h3 a").all()
    assert {f"{shop.origin}{link.get_attribute('href')}" for link in links} <= found


def test_the_kiosk_invites_phones(shop: Service, new_page: NewPage) -> None:
    page = new_page(shop.origin, viewport=KIOSK)
    page.goto(f"/kiosk/{seed.BRAND_SLUG}/belfast")
    assert any(text.startswith(f"{shop.origin}/") for text in scanned(page))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_voucher_is_scanned_off_the_phone_in_the_hand(
    shop: Service, new_page: NewPage, theme: str
) -> None:
    page = new_page(shop.origin, color_scheme=theme, device_scale_factor=2)
    shopper.join(page, name="Vi Scan", email=f"vi.{theme}@shopper.example", onward="/me/prizes")
    shops.give_voucher(shop, page.request.get("/api/v1/me").json()["id"])
    page.reload()
    card = page.get_by_role("article", name="Voucher: £5 off").first
    assert card.locator(".mono").inner_text().replace("-", "") in scanned(page)
    bars, strip = card.locator(".bars").bounding_box(), card.locator(".strip").bounding_box()
    assert bars is not None
    assert strip is not None
    # As wide as the phone allows: a scanner needs bars of a third of a millimetre or so.
    assert bars["width"] >= 0.85 * PHONE["width"]
    assert strip["x"] <= bars["x"]
    assert strip["x"] + strip["width"] >= bars["x"] + bars["width"]
    # On the smallest phone, and with letters twice as large, none of the code is cut off.
    for width, letters in ((320, "100%"), (390, "200%")):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("size => document.documentElement.style.fontSize = size", letters)
        edges = [card.bounding_box(), _inked(card.locator(".mono"))]
        assert edges[0] is not None
        assert edges[0]["x"] <= edges[1]["x"]
        assert edges[1]["x"] + edges[1]["width"] <= edges[0]["x"] + edges[0]["width"]


def _inked(words: Locator) -> dict[str, float]:
    """Where the letters stand, which may be beyond their box."""
    found: dict[str, float] = words.evaluate(
        "box => { const r = document.createRange(); r.selectNodeContents(box);"
        " const {x, width} = r.getBoundingClientRect(); return {x, width} }"
    )
    return found
