"""The whole story: Nina's look leads Sarah to a bag, held and bought, thanked for and undone."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from demo import seed
from demo.service import Service
from demo.simulator.browser import Browser
from demo.simulator.plan import Sell
from demo.stage import at_work
from recommender.bundle import Shelf, fit
from recommender.interactions import Event
from retail.training.serving import folder_of
from tests.builders.tastes import SMALL
from tests.e2e import shopper
from tests.e2e.conftest import NewPage
from tests.e2e.test_friends import invite
from tests.e2e.test_loop import open_until
from tests.processes import PATIENCE_SECONDS

pytestmark = pytest.mark.browser

STORE = "belfast"
COAT, BAG, OTHER_BAG = "Harbour trench", "Dock tote", "Librarian tote"


def ask(shop: Service, method: str, path: str, body: Any = None) -> Any:
    """What the brand's own systems ask the API."""
    with contextlib.closing(Browser(shop.origin)) as desk:
        headers = {"Authorization": f"Bearer {shop.here.keys['office']}"}
        headers["Content-Type"] = "application/json"
        sent = None if body is None else json.dumps(body)
        status, _, text = desk.request(method, f"/api/v1{path}", sent, headers)
        assert status < 300, text
        return json.loads(text)


def styles(shop: Service) -> dict[str, str]:
    """The ids of the brand's styles, by name."""
    found = ask(shop, "GET", "/styles?limit=100")["styles"]
    return {one["name"]: one["id"] for one in found}


def sell(shop: Service, number: int, *names: str) -> str:
    """A till sells an article of each of these names; gives the path in the QR code."""
    with shop.day("thanks") as day:
        known = [one for role in day.plan().articles.values() for one in role]
        basket = tuple(next(one for one in known if one.name.startswith(name)) for name in names)
        place = seed.STORES.index(STORE)
        day.act(Sell(number, place, till="1", articles=basket, is_repeated=False))
        return urlsplit(day.slips[number].claim_url).path


def learn(shop: Service, known: dict[str, str]) -> None:
    """Publish what a training would have learnt from a dozen who bought coat and bag together."""
    (brand,) = [one for one in ask(shop, "GET", "/stores") if one["slug"] == STORE]
    pair, at = (known[COAT], known[BAG]), datetime.now(UTC).timestamp() - 999
    others = [id_ for name, id_ in sorted(known.items()) if name not in (COAT, BAG)][:5]
    events = [Event(f"s{n}", style, "purchase", at) for n in range(12) for style in pair]
    events += [Event(f"t{n}", others[n % 5], "purchase", at) for n in range(12)]
    bundle = fit(events, [pair] * 12, settings=SMALL, now=at + 99)
    Shelf(folder_of(brand["brand_id"], shop.here.folder.absolute())).publish(bundle)


def leave_one(shop: Service, known: dict[str, str]) -> None:
    """Count one bag of each colour in the store."""
    (store,) = [one for one in ask(shop, "GET", "/stores") if one["slug"] == STORE]
    skus = [one["sku"] for one in ask(shop, "GET", f"/styles/{known[BAG]}")["variants"]]
    counted_at = (datetime.now(UTC) + shop.here.clock_offset).isoformat()
    counts = [{"sku": sku, "on_hand": 1} for sku in skus]
    feed = {"counted_at": counted_at, "counts": counts}
    ask(shop, "PUT", f"/stores/{store['id']}/stock", feed)


def agree(phone: Page, name: str) -> None:
    phone.goto("/me/privacy")
    switch = phone.get_by_role("switch", name=name)
    switch.click()
    expect(switch).to_be_checked()


def befriend(nina: Page, sarah: Page) -> None:
    invitation = invite(nina)
    sarah.goto(invitation)
    sarah.get_by_role("link", name="Join or sign in to say yes").click()
    shopper.join_on_the_way(sarah, name="Sarah Quist", email="sarah@thanks.example")
    sarah.get_by_role("button", name="Become friends").click()
    expect(sarah.get_by_text("You and Nina O. are friends now.")).to_be_visible()


def hold(sarah: Page) -> str:
    """Hold what is offered thanks to Nina; gives the code of the voucher."""
    open_until(sarah, "/me/offers", sarah.get_by_text("thanks to Nina"))
    expect(sarah.get_by_text("1 left here.")).to_be_visible()
    sarah.get_by_role("button", name="Hold it for me").click()
    expect(sarah.get_by_role("heading", name="Held for you until")).to_be_visible()
    return sarah.locator(".vou .mono").inner_text()


def buy(tablet: Page, sarah: Page, sku: str, code: str) -> str:
    """Somebody at the staff till reads Sarah's card and the voucher; gives the receipt's id."""
    sarah.goto("/me/card")
    card = sarah.locator(".paper .mono").inner_text()
    tablet.goto("/staff/till")
    tablet.get_by_label("Store").select_option(label="Belfast")
    tablet.locator("input[name=card]").fill(card)
    tablet.locator("textarea[name=vouchers]").fill(code)
    tablet.locator("input[name=item-0]").fill(sku)
    tablet.get_by_role("button", name="The sale is done").click()
    expect(tablet.get_by_role("heading", name="Sold", exact=True)).to_be_visible()
    return tablet.url.rsplit("/", 1)[1]


def bring_back(shop: Service, receipt_id: str) -> None:
    """The till that takes the bag back says so."""
    at = (datetime.now(UTC) + shop.here.clock_offset).isoformat()
    returned = {"number": f"B-{receipt_id}", "returned_at": at}
    ask(shop, "POST", f"/receipts/{receipt_id}/returns", returned)


def until(page: Page, path: str, selector: str, *, count: int) -> None:
    """Open the page again and again until so many are there."""
    deadline = PATIENCE_SECONDS * 10
    for _ in range(deadline):
        page.goto(path)
        if page.locator(selector).count() == count:
            return
        page.wait_for_timeout(100)
    expect(page.locator(selector)).to_have_count(count)


def test_a_friend_is_really_why_and_is_thanked_until_it_comes_back(
    quiet_shop: Service, new_page: NewPage
) -> None:
    # A shop of its own, so that no midnight comes between an offer and its end.
    shop = quiet_shop
    nina, sarah = new_page(shop.origin), new_page(shop.origin)
    with shop.day("thanks") as day:
        tablet = new_page(shop.origin, cookies=dict(at_work(day, "Sam Reed")))
    known = styles(shop)
    learn(shop, known)
    shopper.claim(nina, sell(shop, 1, COAT, BAG), name="Nina Okafor", email="nina@thanks.example")
    shopper.show_to_everyone(nina, caption="Bag for all weathers")
    agree(nina, "Offers with your name on them")
    befriend(nina, sarah)
    agree(sarah, "Offers that suit you")
    leave_one(shop, known)
    receipt = sell(shop, 2, COAT, OTHER_BAG)
    sarah.goto(receipt)
    sarah.get_by_role("button", name="Claim it and lay it out").click()
    expect(sarah.get_by_role("heading", name="Lay it out")).to_be_visible()

    code = hold(sarah)
    tablet.goto("/staff/holds")
    sku = tablet.locator("main section p").first.inner_text().split(", ")[-1].split(" ")[0]
    sold = buy(tablet, sarah, sku, code)
    tablet.goto("/staff/holds")
    expect(tablet.get_by_role("heading", name="Nothing is held")).to_be_visible()
    board = f"/kiosk/{seed.BRAND_SLUG}/{STORE}"
    until(nina, "/me/prizes", ".vou .mono", count=1)
    until(nina, board, '[data-row][data-score="5"]', count=1)

    bring_back(shop, sold)
    until(nina, board, '[data-row][data-score="5"]', count=0)
    until(nina, "/me/prizes", ".vou .mono", count=0)
