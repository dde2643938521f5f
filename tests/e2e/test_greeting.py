"""The staff tablet buzzes for whoever comes in, and for nobody who was there already."""

import re

import pytest
from playwright.sync_api import Page, expect

from demo import seed
from demo.service import Service
from demo.stage import at_work
from tests.e2e import shopper
from tests.e2e.conftest import LIVE_MILLISECONDS, NewPage
from tests.e2e.motor import buzzes, replace_motor

pytestmark = pytest.mark.browser
TABLET = {"width": 1180, "height": 820}
STORE = "leeds"
ADA, BEA = re.compile("^Ada"), re.compile("^Bea")


def test_it_buzzes_once_for_who_is_new_and_never_for_who_was_there(
    shop: Service, new_page: NewPage
) -> None:
    with shop.day("greeting") as day:
        sam = at_work(day, "Jo Hartley")
    comes_in(new_page(shop.origin), "Ada Early")
    tablet = new_page(shop.origin, viewport=TABLET, cookies=dict(sam))
    replace_motor(tablet)
    tablet.goto(f"/staff/greetings/{STORE}")
    tablet.locator("h1").first.click()
    names = tablet.locator("a.who[data-gone-at]")
    expect(names).to_have_text([ADA])
    swaps_again(tablet)
    assert buzzes(tablet) == 0, "she was there before the tablet looked"
    bea = new_page(shop.origin)
    comes_in(bea, "Bea Late")
    expect(names).to_have_text([BEA, ADA], timeout=LIVE_MILLISECONDS)
    assert buzzes(tablet) == 1
    swaps_again(tablet)
    assert buzzes(tablet) == 1, "both are there already"
    bea.goto(door())
    bea.get_by_role("button", name="I’m not here").click()
    expect(names).to_have_text([ADA], timeout=LIVE_MILLISECONDS)
    assert buzzes(tablet) == 1, "nobody is new where somebody left"


def comes_in(phone: Page, name: str) -> None:
    """Join, wish to be greeted by first name, and check in at the door."""
    email = f"{name.split()[0].lower()}@greeting.example"
    shopper.join(phone, name=name, email=email, onward="/me/greeting")
    phone.locator("input[name=form][value=first]").check()
    phone.get_by_role("button", name="Save").click()
    phone.goto(door())
    phone.get_by_role("button", name="Check in").click()
    expect(phone.get_by_text("Shown as")).to_be_visible()


def door() -> str:
    return f"/in/{seed.BRAND_SLUG}/{STORE}"


def swaps_again(tablet: Page) -> None:
    """Say that the names were put in place once more, as after every fetch of them."""
    names = tablet.locator("[data-live-fragment*=names]")
    names.dispatch_event("swingtag:swapped", {"bubbles": True})
