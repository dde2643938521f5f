"""A phone and two tablets: a like held back, not counted, appealed, counted after all."""

import pytest
from playwright.sync_api import Page, expect

from demo import later, seed
from demo.service import Service
from demo.simulator.day import Day
from demo.simulator.plan import AskForCode, Claim, Join, LayOut, Like, Publish, Sell
from demo.stage import a_look, at_work
from tests.e2e.conftest import NewPage

pytestmark = pytest.mark.browser

RECEIPT, STYLIST, FANS = 9_001, 0, (1, 2, 3)
WORDS = "They’re my evening class. We all went shopping together."


def share_a_look(day: Day) -> str:
    """A look in the league that some like; gives its id."""
    for shopper in (STYLIST, *FANS):
        day.act(AskForCode(shopper))
        day.act(Join(shopper))
    articles = a_look(day.plan())
    store = seed.STORES.index("covent-garden")
    day.act(Sell(RECEIPT, store, "1", articles, is_repeated=False))
    day.act(Claim(RECEIPT, STYLIST))
    day.act(LayOut(RECEIPT, STYLIST, "rain", "Two coats cold"))
    day.act(Publish(RECEIPT, STYLIST, is_in_league=True))
    for fan in FANS:
        day.act(Like(RECEIPT, fan))
    return day.looks[RECEIPT]


def decide(tablet: Page, verdict: str, *, reason: str) -> None:
    tablet.get_by_label("Why").fill(reason)
    tablet.get_by_role("button", name=verdict).click()


def test_from_the_check_to_the_second_look(quiet_shop: Service, new_page: NewPage) -> None:
    with quiet_shop.day("appeal") as day:
        look = share_a_look(day)
        cookies = dict(day.phones[STYLIST].browser.cookies)
        desks = [dict(at_work(day, name)) for name in (seed.MANAGER, "Ada Quill")]
    case = later.have_checked(quiet_shop, [look])
    phone = new_page(quiet_shop.origin, cookies=cookies)
    jo, ada = (new_page(quiet_shop.origin, cookies=desk) for desk in desks)

    phone.goto("/me/league")
    expect(phone.get_by_role("heading", name="1 like is being checked")).to_be_visible()

    jo.goto("/staff/reviews")
    jo.locator(f'a[href="/staff/reviews/{case}"]').click()
    decide(jo, "They’re arranged, don’t count them", reason="From one flyer.")
    phone.goto("/me/league")
    expect(phone.get_by_role("heading", name="1 like doesn’t count")).to_be_visible()
    expect(phone.get_by_text("Why: From one flyer.")).to_be_visible()

    phone.get_by_label("What should we know?").fill(WORDS)
    phone.get_by_role("button", name="Ask for a second look").click()
    expect(phone.get_by_text("Somebody else is on it.")).to_be_visible()
    jo.goto(f"/staff/reviews/{case}")
    expect(jo.get_by_text("You decided this, so somebody else answers.")).to_be_visible()

    ada.goto("/staff/reviews")
    expect(ada.get_by_text(WORDS)).to_be_visible()
    ada.get_by_role("link", name="Answer").click()
    decide(ada, "Right, let theirs count", reason="A class it is.")
    phone.goto("/me/league")
    expect(phone.get_by_role("heading", name="1 like counts")).to_be_visible()
    expect(phone.get_by_text("A class it is.")).to_be_visible()
    phone.goto("/me/notes")
    expect(phone.locator(".notes li").first).to_be_visible()
