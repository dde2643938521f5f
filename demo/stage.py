"""What must have happened before the screens can be shown: people, receipts and looks."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from demo import seed
from demo.simulator.browser import Browser
from demo.simulator.cast import Shopper
from demo.simulator.day import Day
from demo.simulator.phone import Phone
from demo.simulator.plan import Article, Claim, LayOut, Like, Planner, Sell

RECEIPT_TO_CLAIM, RECEIPT_OF_DRAFT = 9_001, 9_002


@dataclass(frozen=True)
class Stage:
    """What the scenes need: people, receipts and looks in the right state."""

    stylist: Mapping[str, str]
    stylist_look: str
    newcomer: Mapping[str, str]
    token: str
    typed_code: str
    claimed_token: str
    draft: str
    other_look: str
    liked_look: str
    print_path: str


def set_stage(day: Day) -> Stage:
    """Bring about what the scenes of a busy day show."""
    look, stylist = next(iter(day.stylists.items()))
    others = [other for other, owner in day.stylists.items() if owner != stylist]
    store = seed.STORES.index("covent-garden")
    planner: Planner = day.plan()
    for receipt in (RECEIPT_TO_CLAIM, RECEIPT_OF_DRAFT):
        day.act(Sell(receipt, store, "1", _a_look(planner), is_repeated=False))
    day.act(Claim(RECEIPT_OF_DRAFT, stylist))
    day.act(LayOut(RECEIPT_OF_DRAFT, stylist, "rain", "Two coats cold"))
    day.act(Like(others[0], stylist))
    slip = day.slips[RECEIPT_TO_CLAIM]
    with contextlib.closing(Browser(day.shop.origin)) as browser:
        found = re.search(r'href="(/print/receipts/[^"]+)"', browser.open("/").text)
    return Stage(
        stylist=day.phones[stylist].browser.cookies,
        stylist_look=day.looks[look],
        newcomer=_newcomer(day),
        token=slip.claim_url.rsplit("/", 1)[1],
        typed_code=slip.code,
        claimed_token=day.slips[RECEIPT_OF_DRAFT].claim_url.rsplit("/", 1)[1],
        draft=day.looks[RECEIPT_OF_DRAFT],
        other_look=day.looks[others[-1]],
        liked_look=day.looks[others[0]],
        print_path=found[1].replace("&amp;", "&") if found else "/",
    )


def _a_look(planner: Planner) -> tuple[Article, ...]:
    """One article of each role that a whole outfit has, and one that is nobody's business."""
    roles = ("outer", "top", "bottom", "shoes", "private")
    return tuple(planner.articles[role][7] for role in roles if len(planner.articles[role]) > 7)


def _newcomer(day: Day) -> Mapping[str, str]:
    shopper = Shopper("Robin Vale", "robin.vale@shopper.example", "1990-05-05")
    phone = Phone(Browser(day.shop.origin), shopper, day.shop.brand)
    with contextlib.closing(phone.browser):
        phone.ask_for_code()
        phone.sign_in()
    return phone.browser.cookies
