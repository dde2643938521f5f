"""Two phones and more: asked, voted in, seen to move, closed, and gone with a look."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import LIVE_MILLISECONDS, NewPage

pytestmark = pytest.mark.browser

# What a page may say while its shop is closed for a moment.
RESTARTS = ("ERR_", "503")
# How long a page may take to find its shop again.
BACK_MILLISECONDS = 60_000


def show_two_looks(phone: Page, shop: Service) -> None:
    """Two receipts, two looks, both for everyone."""
    first, second = shopper.buy(shop, "edinburgh"), shopper.buy(shop, "edinburgh")
    shopper.claim(phone, first, name="Nina Okafor", email="nina@polls.example")
    shopper.show_to_everyone(phone, caption="With the coat")
    phone.goto(urlsplit(second).path)
    phone.get_by_role("button", name="Claim it and lay it out").click()
    expect(phone.get_by_role("heading", name="Lay it out")).to_be_visible()
    phone.get_by_label("Say something").fill("Without the coat")
    phone.get_by_role("button", name="Next: who sees it").click()
    phone.get_by_role("radio", name="Everyone").check()
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_role("heading", name="Without the coat")).to_be_visible()


def ask(phone: Page, question: str, *, closing: str = "24 hours") -> str:
    """Tick both, ask everyone for so long; gives the poll's path."""
    phone.goto("/me/outfits")
    for address in ("**/me/polls", "**/me/polls/new"):
        phone.get_by_role("link", name="Ask which of two").click()
        phone.wait_for_url(address)
    phone.get_by_role("checkbox", name="With the coat").check()
    phone.get_by_role("checkbox", name="Without the coat").check()
    phone.get_by_label("Your question").fill(question)
    phone.get_by_role("radio", name="Everyone").check()
    phone.get_by_role("radio", name=closing).check()
    phone.get_by_role("button", name="Ask", exact=True).click()
    expect(phone.get_by_role("heading", name=question)).to_be_visible()
    return urlsplit(phone.url).path


def vote(phone: Page, poll: str, name: str, side: str) -> None:
    """Come by the link, join on the way, say which."""
    phone.goto(poll)
    phone.get_by_role("link", name="Join or sign in to vote").click()
    shopper.join_on_the_way(phone, name=name, email=f"{name.split()[0].lower()}@polls.example")
    phone.get_by_role("button", name=side).click()
    expect(phone.get_by_role("button", name="Your vote")).to_be_visible()


def test_from_the_question_to_the_result(shop: Service, new_page: NewPage) -> None:
    # Only who still looks at the poll when its look goes meets a page that is not there.
    nina, ruth, ada = (new_page(shop.origin) for _ in range(3))
    tom = new_page(shop.origin, expected=("404",))
    show_two_looks(nina, shop)
    poll = ask(nina, "Which for Friday?")
    votes = ".poll-votes .n"
    expect(nina.locator(votes)).to_have_text("0 votes")

    vote(tom, poll, "Tom Weller", "Number 2")
    expect(nina.locator(votes)).to_have_text("1 vote", timeout=LIVE_MILLISECONDS)
    vote(ruth, poll, "Ruth Bell", "Number 2")
    vote(ada, poll, "Ada Fan", "Number 2")
    for phone in (nina, tom):
        expect(phone.locator(votes)).to_have_text("3 votes", timeout=LIVE_MILLISECONDS)
        expect(phone.locator(".tapes .sc")).to_have_text(["Votes: 0", "Votes: 3"])
    tom.get_by_role("button", name="Number 1").click()
    expect(nina.locator(".tapes .sc")).to_have_text(
        ["Votes: 1", "Votes: 2"], timeout=LIVE_MILLISECONDS
    )

    nina.get_by_role("button", name="Close it now").click()
    expect(nina.get_by_text("Number 2 it is")).to_be_visible()
    for phone in (tom, ruth, ada):
        expect(phone.get_by_text("Number 2 it is")).to_be_visible(timeout=LIVE_MILLISECONDS)
    for phone in (ruth, ada):
        phone.goto("/me/polls")
    expect(tom.get_by_role("button", name="Number 2")).to_have_count(0)

    nina.goto("/me/outfits")
    nina.get_by_role("link", name="Without the coat").click()
    nina.get_by_role("button", name="Put it away").click()
    gone = tom.get_by_role("heading", name="This poll isn’t here.")
    expect(gone).to_be_visible(timeout=LIVE_MILLISECONDS)


def test_open_pages_turn_into_the_result_when_the_time_is_over(
    quiet_shop: Service, new_page: NewPage
) -> None:
    # Nothing but the restart, by which the test moves the clock, may show in any console.
    shop = quiet_shop
    nina, stranger = (new_page(shop.origin, expected=RESTARTS) for _ in range(2))
    show_two_looks(nina, shop)
    poll = ask(nina, "Which for tonight?", closing="1 hour")
    stranger.goto(poll)
    expect(stranger.get_by_role("heading", name="So far")).to_be_visible()
    expect(stranger.get_by_role("link", name="Join or sign in to vote")).to_be_visible()
    shop.let_time_pass(timedelta(hours=1))
    for phone in (nina, stranger):
        over = phone.get_by_role("heading", name="The result")
        expect(over).to_be_visible(timeout=BACK_MILLISECONDS)
        expect(phone.get_by_text("Nobody voted this time.")).to_be_visible()
    expect(stranger.get_by_role("link", name="Join or sign in to vote")).to_have_count(0)
    expect(nina.get_by_role("button", name="Close it now")).to_have_count(0)
