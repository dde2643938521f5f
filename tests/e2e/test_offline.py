"""The installed app with the network cut: it says so, and a like is sent later, once."""

import time

import pytest
from playwright.sync_api import Page, expect

from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import NewPage
from tests.processes import PATIENCE_SECONDS

pytestmark = pytest.mark.browser

LOST = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
KEPT = """(async () => { const found = [];
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            found.push(new URL(request.url).pathname);
    return found })()"""
WAITING = "localStorage.getItem('swingtag:likes')"


def wait_until_nothing_waits(page: Page) -> None:
    # Not `wait_for_function`: it evaluates text within the page, which our policy forbids.
    deadline = time.monotonic() + PATIENCE_SECONDS
    while page.evaluate(WAITING) is not None:
        assert time.monotonic() < deadline, "The like is still waiting."
        page.wait_for_timeout(100)


def test_a_like_without_a_network_is_sent_once_when_it_is_back(
    shop: Service, new_page: NewPage
) -> None:
    stylist, fan = (new_page(shop.origin, service_workers="allow", expected=LOST) for _ in range(2))
    shopper.claim(
        stylist, shopper.buy(shop, "bristol"), name="Olu Bello", email="olu@shopper.example"
    )
    look = shopper.show_to_everyone(stylist, caption="Off the grid")
    shopper.join(fan, name="Ada Fan", email="ada@shopper.example", onward=look)
    # Not `evaluate`, which would wait for ever.
    fan.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    sent: list[str] = []
    fan.on("request", lambda request: request.method == "PUT" and sent.append(request.url))
    fan.context.set_offline(True)
    fan.locator("form[data-like] button").click()
    expect(fan.get_by_text("We’ll send it when you’re back online")).to_be_visible()
    expect(fan.locator("form[data-like] button")).to_have_attribute("aria-pressed", "true")
    fan.context.set_offline(False)
    wait_until_nothing_waits(fan)
    fan.reload()
    expect(fan.locator("form[data-like] button")).to_have_attribute("aria-pressed", "true")
    assert len(sent) == 1
    stylist.goto(look)
    expect(stylist.locator(".like .n").first).to_have_text("1")

    fan.context.set_offline(True)
    fan.goto("/me/notes")
    expect(fan.get_by_role("heading", name="No network just now")).to_be_visible()
    assert all(path == "/offline" or path.startswith("/static/") for path in fan.evaluate(KEPT))
    fan.context.set_offline(False)
    fan.goto(look)
    fan.evaluate("localStorage.setItem('swingtag:likes', '{}')")
    fan.goto("/me")
    fan.get_by_role("button", name="Sign out").click()
    fan.wait_for_url("**/b/*")
    assert fan.evaluate(WAITING) is None
