"""The whole loop, from the till to the prize, with two phones and a kiosk open at once."""

import time
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from demo import seed
from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import KIOSK, LIVE_MILLISECONDS, NewPage
from tests.e2e.scanner import scanned
from tests.processes import PATIENCE_SECONDS

pytestmark = pytest.mark.browser

RESTARTS = ("ERR_", "503")


def stays(page: Page) -> None:
    """Mark the page, so that a reload would show."""
    page.evaluate("document.documentElement.dataset.stayed = 'yes'")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.dataset.stayed === 'yes'"))


def open_until(page: Page, path: str, wanted: Locator) -> None:
    """Open the page again and again, as somebody without scripts would, until it shows this."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    page.goto(path)
    while not wanted.count() and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        page.goto(path)
    expect(wanted).to_be_visible()


def drag(page: Page, piece: str) -> None:
    # Pieces lie where they will and follow a finger once all has come.
    page.wait_for_load_state()
    box = page.locator(f'[data-piece="{piece}"]').bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=4)
    page.mouse.up()


def lay_out(phone: Page) -> str:
    """Drag the top piece, nudge it with a button, and show the look to everyone."""
    top = shopper.pieces(phone)[-1]
    before = shopper.position(phone, top)
    drag(phone, top)
    expect(phone.locator(f'input[name="x-{top}"]')).not_to_have_value(str(before[0]))
    dragged = shopper.position(phone, top)
    phone.get_by_text("Move without dragging").click()
    phone.get_by_role("button", name="Left", exact=True).click()
    expect(phone.locator(f'input[name="x-{top}"]')).not_to_have_value(str(dragged[0]))
    return shopper.show_to_everyone(phone, caption="Rain, but make it Saturday")


def like_and_watch(friend: Page, stylist: Page, kiosk: Page) -> None:
    """A like shows on the stylist's phone and moves the kiosk; so does taking it back."""
    like, nobody = friend.locator("button.like"), "Be the first to like this"
    expect(stylist.get_by_text(nobody)).to_be_visible()
    like.click()
    expect(stylist.locator(".like .when-off .n")).to_have_text("1", timeout=LIVE_MILLISECONDS)
    row = kiosk.locator("[data-row]").first
    expect(row).to_contain_text("Nina O.", timeout=LIVE_MILLISECONDS)
    expect(row).to_have_attribute("data-score", "1")
    expect(like).to_have_attribute("aria-pressed", "true")
    like.click()
    expect(stylist.get_by_text(nobody)).to_be_visible(timeout=LIVE_MILLISECONDS)
    like.click()
    expect(stylist.locator(".like .when-off .n")).to_have_text("1", timeout=LIVE_MILLISECONDS)


def test_from_the_receipt_to_the_prize(quiet_shop: Service, new_page: NewPage) -> None:
    # A shop of its own: were it open for ten minutes already, its season would end by itself.
    shop = quiet_shop
    nina, femi = (new_page(shop.origin, expected=RESTARTS) for _ in range(2))
    kiosk = new_page(shop.origin, viewport=KIOSK, expected=RESTARTS)
    kiosk.goto(f"/kiosk/{seed.BRAND_SLUG}/leeds")
    expect(kiosk.get_by_text("Nobody’s on the board yet")).to_be_visible()
    shopper.claim(nina, shopper.buy(shop, "leeds"), name="Nina Okafor", email="nina@a.example")
    look = lay_out(nina)
    nina.goto(look)
    shopper.join(femi, name="Femi Adeyemi", email="femi@a.example", onward=look)
    stays(nina)
    stays(kiosk)
    like_and_watch(femi, nina, kiosk)
    assert has_stayed(nina)

    nina.goto("/me/prizes")
    expect(nina.get_by_text("No vouchers yet")).to_be_visible()
    shop.let_time_pass(timedelta(minutes=12))
    empty = kiosk.get_by_text("Nobody’s on the board yet")
    expect(empty).to_be_visible(timeout=1_000 * PATIENCE_SECONDS)
    assert has_stayed(kiosk)
    voucher = nina.get_by_role("article", name="Voucher: £50 off")
    open_until(nina, "/me/prizes", voucher)
    assert voucher.locator(".mono").inner_text().replace("-", "") in scanned(nina)
    femi.goto("/me/prizes")
    expect(femi.get_by_text("No vouchers yet")).to_be_visible()


def test_the_loop_works_without_scripts(shop: Service, new_page: NewPage) -> None:
    grace = new_page(shop.origin, java_script_enabled=False)
    omar = new_page(shop.origin, java_script_enabled=False)
    shopper.claim(grace, shopper.buy(shop, "bristol"), name="Grace Liu", email="grace@b.example")
    grace.get_by_text("Move without dragging").click()
    chosen = grace.locator('input[name="selected"]:checked').get_attribute("value") or ""
    x, _ = shopper.position(grace, chosen)
    grace.get_by_role("button", name="Right", exact=True).click()
    expect(grace.locator(f'input[name="x-{chosen}"]')).not_to_have_value(str(x))
    look = shopper.show_to_everyone(grace, caption="Two coats cold")

    omar.goto(look)
    omar.get_by_role("button", name="Be the first to like this").click()
    shopper.join_on_the_way(omar, name="Omar Said", email="omar@b.example")
    expect(omar.get_by_text("Your like was kept while you joined. It counts now.")).to_be_visible()
    expect(omar.locator("button.like")).to_have_attribute("aria-pressed", "true")
    grace.goto(look)
    expect(grace.locator(".like .when-off .n")).to_have_text("1")
    standing = grace.get_by_role("main").get_by_text("Grace L.").first
    open_until(grace, f"/league/{seed.BRAND_SLUG}/bristol", standing)
