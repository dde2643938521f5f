"""A real service, and real browsers at it: gunicorn and worker on SQLite, driven by Chromium."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from demo import chromium, service
from demo.service import Service
from tests.conftest import missing_service
from tests.e2e import shops
from tests.e2e.shops import Template

PHONE = {"width": 390, "height": 844}
KIOSK = {"width": 1920, "height": 1080}
# Two seconds are promised, and tests/web/test_live.py holds them; here a browser and a shop share
# a busy machine. A page by itself asks every thirty.
LIVE_MILLISECONDS = 15_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what drives a browser fail once, aloud: see decision 50."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers, once for all tests: a second one in this process would not start."""
    if chromium.find() is None:
        missing_service("Chromium")
    expect.set_options(timeout=20_000)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, once for all tests."""
    found = chromium.launch(playwright)
    yield found
    found.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A seeded shop, to be copied."""
    return shops.new_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A shop as `make demo` opens it, which tests share: each keeps to a store of its own."""
    with service.opened(tmp_path_factory.mktemp("shop")) as opened:
        yield opened


@pytest.fixture
def quiet_shop(template: Template, tmp_path: Path) -> Iterator[Service]:
    """A shop of this test's own, nobody in it yet."""
    with shops.opened(template, tmp_path) as opened:
        yield opened


@dataclass
class Watch:
    """Notes what no page may do: log errors, break its policy, or ask another origin."""

    origin: str
    expected: Sequence[str] = ()
    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        """The page, watched from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        # Of the whole browser: what it opens beside the page, and its service worker, ask, too.
        page.context.on("request", self._request)
        page.on("websocket", lambda socket: self.complaints.append(f"left by {socket.url}"))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(text in message.text for text in self.expected):
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        scheme, host, *_ = urlsplit(request.url)
        if f"{scheme}://{host}" != self.origin and scheme not in ("data", "blob"):
            self.complaints.append(f"left the origin: {request.url}")


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a page in a browser of its own, watched until the test ends.

    `expected` are parts of console messages that the test causes on purpose. Without a service
    worker unless asked for, because what one fetches cannot be held or lost by a test.
    """
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def open_page(
        origin: str,
        *,
        cookies: dict[str, str] | None = None,
        expected: Sequence[str] = (),
        **options: object,
    ) -> Page:
        usual = {"viewport": PHONE, "service_workers": "block"}
        context = browser.new_context(base_url=origin, **(usual | options))  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        contexts.append(context)
        if cookies:
            context.add_cookies(
                [{"name": n, "value": v, "url": origin} for n, v in cookies.items()]
            )
        watches.append(Watch(origin, expected))
        return watches[-1].over(context.new_page())

    yield open_page
    for context in contexts:
        context.close()
    assert "\n".join(complaint for watch in watches for complaint in watch.complaints) == ""
