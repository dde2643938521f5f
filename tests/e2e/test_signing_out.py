"""A phone and a tablet of one person: signed out on one, seen on the other, and no more pushes."""

from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from demo import seed
from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import LIVE_MILLISECONDS, NewPage

pytestmark = pytest.mark.browser

ENDPOINT = "https://push.example/her-tablet"
# Chromium has no push service to subscribe at: what it would keep of one stands in for it.
SUBSCRIBED = f"""
const kept = {{
  endpoint: {ENDPOINT!r},
  unsubscribe: async () => {{ sessionStorage.unsubscribed = "yes"; return true; }},
}};
const registration = {{ pushManager: {{ getSubscription: async () => kept }} }};
Object.defineProperty(navigator, "serviceWorker", {{
  value: {{
    getRegistration: async () => registration, register: async () => registration,
    ready: Promise.resolve(registration), addEventListener() {{}},
  }},
}});
"""


def test_signing_out_ends_the_pushes_here_and_shows_where_she_is_signed_in_elsewhere(
    shop: Service, new_page: NewPage
) -> None:
    phone, tablet = new_page(shop.origin), new_page(shop.origin)
    email, sessions = "nina@sessions.example", "/me/sessions"
    shopper.join(phone, name="Nina Okafor", email=email, onward=sessions)
    others = phone.get_by_role("button", name="End all others")
    expect(phone.get_by_text("nowhere else")).to_be_visible()

    first_code = shopper.mailed_code(tablet, email)
    tablet.add_init_script(SUBSCRIBED)
    tablet.goto(f"/join/{seed.BRAND_SLUG}?next=/me")
    tablet.get_by_label("E-mail").fill(email)
    tablet.get_by_role("button", name="Send me a code").click()
    tablet.get_by_label("Six digits").fill(shopper.mailed_code(tablet, email, after=first_code))
    tablet.get_by_role("button", name="Sign in").click()
    expect(others).to_be_visible(timeout=LIVE_MILLISECONDS)

    box = tablet.locator('form[action="/me/sign-out"] input[name="endpoint"]')
    expect(box).to_have_value(ENDPOINT)
    with tablet.expect_request("**/me/sign-out") as asked:
        tablet.get_by_role("button", name="Sign out").click()
    assert parse_qs(asked.value.post_data or "")["endpoint"] == [ENDPOINT]
    expect(tablet.get_by_role("link", name="Sign in")).to_be_visible()
    assert tablet.evaluate("sessionStorage.unsubscribed") == "yes"
    expect(phone.get_by_text("nowhere else")).to_be_visible(timeout=LIVE_MILLISECONDS)
    expect(others).to_have_count(0)
