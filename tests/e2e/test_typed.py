"""What was typed while a session ended: from the form to where it was going, in a browser."""

import itertools

import pytest
from playwright.sync_api import Page, expect

from demo import seed
from demo.service import Service
from tests.e2e.conftest import NewPage
from tests.e2e.shopper import join, mailed_code

pytestmark = pytest.mark.browser
_numbers = itertools.count(1)
PROFILE, TYPED = "/me/profile", "Nina of the yellow coat"


def end_session_elsewhere(page: Page) -> None:
    """Sign out in another tab of the same browser."""
    tab = page.context.new_page()
    tab.goto("/me")
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url(lambda url: not url.endswith("/me"))
    tab.close()


def test_what_was_typed_waits_in_the_page_until_it_is_sent(
    shop: Service, new_page: NewPage
) -> None:
    email = f"typed-{next(_numbers)}@shopper.example"
    page = new_page(shop.origin, expected=("401", "400", "403"))
    join(page, name="Nina", email=email, onward="/me")
    before = mailed_code(page, email)
    page.goto(PROFILE)
    page.get_by_label("Your name").fill(TYPED)
    end_session_elsewhere(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(TYPED)).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another tab").click()
    door = opened.value
    door.get_by_role("link", name=seed.BRAND_NAME).click()
    door.get_by_label("E-mail").fill(email)
    door.get_by_role("button", name="Send me a code").click()
    door.get_by_label("Six digits").fill(mailed_code(page, email, after=before))
    door.get_by_role("button", name="Sign in").click()
    door.wait_for_url("**/me*")
    door.close()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("It goes as Nina")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    page.goto(PROFILE)
    expect(page.get_by_label("Your name")).to_have_value(TYPED)
