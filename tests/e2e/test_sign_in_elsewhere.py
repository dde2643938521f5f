"""A real browser goes to a provider of our own and back: without scripts, and by our policy."""

import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from demo import seed
from demo.service import Service
from tests.builders.provider import CLIENT, SECRET, OwnProvider
from tests.e2e import shops
from tests.e2e.conftest import PHONE, NewPage
from tests.e2e.shops import Template
from tests.e2e.test_screens import sideways, violations

pytestmark = pytest.mark.browser

JOIN = f"/join/{seed.BRAND_SLUG}"


@pytest.fixture(scope="module")
def provider() -> Iterator[OwnProvider]:
    own = OwnProvider()
    yield own
    own.close()


@pytest.fixture(scope="module")
def shop(
    template: Template, tmp_path_factory: pytest.TempPathFactory, provider: OwnProvider
) -> Iterator[Service]:
    """A shop whose operator named the provider, as operators do."""
    told = {
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_NAME": "Larch",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in told.items():
            environment.setenv(name, value)
        with shops.opened(template, tmp_path_factory.mktemp("shop")) as opened:
            offset = opened.here.clock_offset_seconds
            provider.now = lambda: time.time() + offset
            yield opened


def check(page: Page, address: str) -> None:
    """Accessible in both themes, and narrow enough."""
    page.goto(address)
    page.evaluate(AXE_SCRIPT)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert violations(page) == []
    assert sideways(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def test_there_and_back_without_scripts_and_out_again_everywhere(
    shop: Service, browser: Browser, new_page: NewPage
) -> None:
    context = browser.new_context(base_url=shop.origin, viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.goto(f"{JOIN}?next=/me/sessions")
        page.get_by_role("link", name="Continue with Larch").click()
        expect(page).to_have_url(f"{shop.origin}/me/profile?next=/me/sessions")
        page.get_by_label("What shall we call you?").or_(
            page.locator("#f-display_name")
        ).first.fill("Nina Okafor")
        page.locator("form[action*='/me/profile'] button[type=submit]").click()
        expect(page).to_have_url(f"{shop.origin}/me/sessions")
        expect(page.get_by_text("This device, since")).to_be_visible()
        cookies = {one["name"]: one["value"] for one in context.cookies()}
        scripted = new_page(shop.origin, cookies=cookies, reduced_motion="reduce")
        check(scripted, "/me/sessions")
        page.get_by_role("button", name="Sign out everywhere").click()
        page.goto("/me/sessions")
        # Of two retailers here nobody knows which one this phone belonged to.
        expect(page).to_have_url(f"{shop.origin}/join?next=/me/sessions")
    finally:
        context.close()


def test_its_pages_are_for_everybody_in_both_themes(shop: Service, new_page: NewPage) -> None:
    page = new_page(shop.origin, expected=("403",), reduced_motion="reduce")
    for address in (JOIN, f"{JOIN}/callback?code=none&state=none"):
        check(page, address)
        expect(page.get_by_role("link", name="Continue with Larch")).to_be_visible()
