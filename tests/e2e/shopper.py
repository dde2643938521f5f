"""What a person does with a phone in her hand, whether or not it runs scripts."""

import itertools
import time
from urllib.parse import quote, urlsplit

from playwright.sync_api import Page, expect

from demo import seed
from demo.service import Service
from demo.simulator.plan import Sell
from tests.processes import PATIENCE_SECONDS

_numbers = itertools.count(1)


def buy(shop: Service, store: str) -> str:
    """Ring up a coat, a jumper, jeans and boots; gives the address in the QR code."""
    number = next(_numbers)
    with shop.day("e2e") as day:
        articles = day.plan().articles
        basket = tuple(articles[role][3] for role in ("outer", "top", "bottom", "shoes"))
        place = seed.STORES.index(store)
        day.act(Sell(number, place, till="1", articles=basket, is_repeated=True))
        return day.slips[number].claim_url


def join_on_the_way(page: Page, *, name: str, email: str) -> None:
    """From the page that asks for an address, through the mailed code, to where she was going."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Six digits").fill(mailed_code(page, email))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Birth date").fill("1990-05-05")
    page.get_by_role("button", name="Go on").click()


def mailed_code(page: Page, email: str, *, after: str = "") -> str:
    """The newest code in the development mailbox, another than `after`, read in another tab."""
    tab = page.context.new_page()
    code = tab.locator("data").first
    deadline = time.monotonic() + PATIENCE_SECONDS
    tab.goto(f"/dev/mailbox?to={quote(email)}")
    while time.monotonic() < deadline:
        if code.count() and code.inner_text() != after:
            break
        tab.wait_for_timeout(100)
        tab.reload()
    text = code.inner_text()
    tab.close()
    return text


def join(page: Page, *, name: str, email: str, onward: str) -> None:
    """Join from a page that asks strangers to."""
    page.goto(f"/join/{seed.BRAND_SLUG}?next={quote(onward)}")
    join_on_the_way(page, name=name, email=email)
    page.wait_for_url(f"**{onward}")


def claim(page: Page, claim_url: str, *, name: str, email: str) -> None:
    """Scan a receipt, join, claim: ends where the pieces lie."""
    page.goto(urlsplit(claim_url).path)
    page.get_by_role("link", name="Join or sign in to claim it").click()
    join_on_the_way(page, name=name, email=email)
    page.get_by_role("button", name="Claim it and lay it out").click()
    expect(page.get_by_role("heading", name="Lay it out")).to_be_visible()


def position(page: Page, piece: str) -> tuple[int, int]:
    """Where a piece lies, as its form would say."""
    x = page.locator(f'input[name="x-{piece}"]').input_value()
    y = page.locator(f'input[name="y-{piece}"]').input_value()
    return int(x), int(y)


def pieces(page: Page) -> list[str]:
    """The pieces on the board."""
    found = page.locator("[data-piece]").all()
    return [piece.get_attribute("data-piece") or "" for piece in found]


def show_to_everyone(page: Page, *, caption: str) -> str:
    """Say something, go on, choose everyone and the league; gives the look's public path."""
    page.get_by_role("radio", name="Rain").check()
    page.get_by_label("Say something").fill(caption)
    page.get_by_role("button", name="Next: who sees it").click()
    page.get_by_role("radio", name="Everyone").check()
    page.get_by_role("switch", name="Put me in the stylist league").check()
    page.get_by_role("button", name="Share it").click()
    expect(page.get_by_role("heading", name=caption)).to_be_visible()
    return page.get_by_role("link", name="See your public page").get_attribute("href") or ""
