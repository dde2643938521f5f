"""Two phones: invited and accepted, a look for friends, liked by name, blocked, and gone."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from demo.service import Service
from tests.e2e import shopper
from tests.e2e.conftest import LIVE_MILLISECONDS, NewPage

pytestmark = pytest.mark.browser

UNREAD = ".tabs .unread"


def invite(phone: Page) -> str:
    """Make an invitation and stay on its page; gives the path of its link."""
    phone.goto("/me/friends")
    phone.get_by_role("button", name="Make an invitation").click()
    return urlsplit(phone.get_by_label("Or copy the link").input_value()).path


def leave_open(phone: Page, path: str) -> tuple[Page, list[str]]:
    """Another tab of a phone with nothing unread, and the streams that its pages open."""
    tab, streams = phone.context.new_page(), list[str]()
    tab.on("request", lambda asked: streams.append(asked.url) if "/live?" in asked.url else None)
    tab.goto(path)
    expect(tab.locator(UNREAD)).to_be_empty()
    return tab, streams


def read_the_news(tab: Page, news: str, *, elsewhere: Page) -> None:
    """News shows by itself; who looks at it for a moment has read it, and still sees it as new."""
    expect(tab.locator(UNREAD)).to_have_text("1 new", timeout=LIVE_MILLISECONDS)
    tab.goto("/me/notes")
    expect(tab.locator(".notes .fresh")).to_contain_text(news)
    expect(elsewhere.locator(UNREAD)).to_have_text("1 new")
    expect(elsewhere.locator(UNREAD)).to_be_empty(timeout=LIVE_MILLISECONDS)
    expect(tab.get_by_text("All read.")).to_be_visible(timeout=LIVE_MILLISECONDS)
    expect(tab.locator(".notes .fresh")).to_have_count(1)
    tab.reload()
    expect(tab.locator(".notes li")).to_have_count(1)
    expect(tab.locator(".notes .fresh")).to_have_count(0)


def show_to_friends(phone: Page, *, caption: str) -> str:
    """Say something, choose friends, share; gives the look's path."""
    phone.get_by_label("Say something").fill(caption)
    phone.get_by_role("button", name="Next: who sees it").click()
    phone.get_by_role("radio", name="Friends").check()
    phone.get_by_role("button", name="Share it").click()
    expect(phone.get_by_text("Your friends can see it now, and nobody else.")).to_be_visible()
    link = phone.get_by_role("link", name="See it as your friends do")
    return link.get_attribute("href") or ""


def agree_to_be_named(phone: Page) -> None:
    """Let friends see by name what the phone's owner likes."""
    phone.goto("/me/privacy")
    switch = phone.get_by_role("switch", name="Likes with your name", exact=True)
    switch.click()
    expect(switch).to_be_checked()


def test_from_the_invitation_to_the_block(shop: Service, new_page: NewPage) -> None:
    nina, tom = new_page(shop.origin), new_page(shop.origin, expected=("404",))
    email = "nina@friends.example"
    shopper.claim(nina, shopper.buy(shop, "edinburgh"), name="Nina Okafor", email=email)
    draft = nina.url
    invitation = invite(nina)
    tab, streams = leave_open(nina, "/me/prizes")

    tom.goto(invitation)
    expect(tom.get_by_role("heading", name="Nina O. would take you shopping")).to_be_visible()
    tom.get_by_role("link", name="Join or sign in to say yes").click()
    shopper.join_on_the_way(tom, name="Tom Weller", email="tom@friends.example")
    tom.get_by_role("button", name="Become friends").click()
    expect(tom.get_by_text("You and Nina O. are friends now.")).to_be_visible()
    expect(nina.get_by_text("Tom W. said yes")).to_be_visible(timeout=LIVE_MILLISECONDS)

    read_the_news(tab, "Tom W. accepted your invitation", elsewhere=nina)
    assert len(streams) == len({"prizes", "notes", "notes again"})
    tab.close()

    nina.goto(draft)
    look = show_to_friends(nina, caption="Only for your eyes")
    agree_to_be_named(tom)
    tom.goto("/me/friends/looks")
    tom.get_by_role("link", name="Only for your eyes").click()
    nina.goto(look)
    tom.locator("button.like").click()
    expect(nina.get_by_text("Tom likes this")).to_be_visible(timeout=LIVE_MILLISECONDS)

    nina.goto("/me/friends")
    nina.get_by_role("link", name="Tom W.").click()
    nina.get_by_role("button", name="Block Tom W.").click()
    expect(nina.get_by_text("Nobody here yet")).to_be_visible()
    gone = tom.get_by_role("heading", name="This isn’t here.")
    expect(gone).to_be_visible(timeout=LIVE_MILLISECONDS)
    tom.goto(invitation)
    expect(tom.get_by_role("heading", name="This invitation isn’t here.")).to_be_visible()
    nina.goto(look)
    expect(nina.get_by_text("Be the first to like this")).to_be_visible()
