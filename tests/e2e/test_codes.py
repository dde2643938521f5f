"""Codes on screens and paper can be scanned as they are shown."""

import pytest

from demo import seed
from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import KIOSK, NewPage
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
