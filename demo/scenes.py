"""Every screen of the shop in each of its states: what pictures show and browser tests inspect."""

import contextlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Page

from demo import seed
from demo.simulator.browser import Browser
from demo.simulator.cast import Shopper
from demo.simulator.day import Day
from demo.simulator.phone import Phone
from demo.simulator.plan import Article, Claim, LayOut, Like, Planner, Sell

Theme = Literal["light", "dark"]
BOTH: tuple[Theme, ...] = ("light", "dark")
PHONE = (390, 844)
KIOSK = (1920, 1080)
PAPER = (576, 1100)
DESK = (1280, 900)
RECEIPT_TO_CLAIM, RECEIPT_OF_DRAFT = 9_001, 9_002


@dataclass(frozen=True)
class Scene:
    """A page in one state: who opens what at which size, and what they do before we look.

    `expected` are parts of console messages that belong to the state, such as a 404 of its own.
    """

    name: str
    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    size: tuple[int, int] = PHONE
    themes: tuple[Theme, ...] = BOTH
    act: Callable[[Page], None] | None = None
    expected: tuple[str, ...] = ()
    is_whole: bool = False
    docs_scale: float = 0


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


def at_opening() -> list[Scene]:
    """The screens before anybody came."""
    front = f"/b/{seed.BRAND_SLUG}"
    return [
        Scene("brand-empty", front, is_whole=True),
        Scene("league-empty", f"/league/{seed.BRAND_SLUG}"),
        Scene("kiosk-empty", _kiosk("belfast"), size=KIOSK, themes=("dark",)),
        Scene("hub-empty", "/", size=DESK, is_whole=True),
        Scene("mailbox-empty", "/dev/mailbox"),
    ]


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


def before_closing(stage: Stage) -> list[Scene]:
    """Every screen while the season runs."""
    return [
        *_arriving(stage),
        *_laying_out(stage),
        *_looking(stage),
        *_at_home(stage),
        *_screens(stage),
    ]


def after_closing(stage: Stage) -> list[Scene]:
    """The screens that change when a season closes."""
    return [
        Scene("prizes", "/me/prizes", stage.stylist, is_whole=True, docs_scale=1.5),
        Scene("league-next-season", f"/league/{seed.BRAND_SLUG}", stage.stylist),
        Scene("kiosk-next-season", _kiosk(), size=KIOSK, themes=("dark",)),
    ]


def _arriving(stage: Stage) -> list[Scene]:
    brand, receipt = seed.BRAND_SLUG, f"/r/{stage.token}"
    typing = f"/c/{brand}/covent-garden"
    return [
        Scene("receipt", receipt, is_whole=True, docs_scale=1.5),
        Scene("receipt-member", receipt, stage.stylist, is_whole=True),
        Scene("receipt-mine", f"/r/{stage.claimed_token}", stage.stylist, is_whole=True),
        Scene("receipt-unknown", "/r/00000000000000000000000000", expected=("404",)),
        Scene("code", typing),
        Scene("code-wrong", typing, act=_type("code", "7K2M9Q8BXV"), expected=("404", "422")),
        Scene("join", f"/join/{brand}"),
        Scene("join-wrong", f"/join/{brand}", act=_type("email", "nina"), expected=("422",)),
        Scene("join-code", f"/join/{brand}", act=_type("email", "guest@shopper.example")),
        Scene(
            "join-code-wrong",
            f"/join/{brand}",
            act=_then(_type("email", "guest@shopper.example"), _type("code", "000000")),
            expected=("422",),
        ),
        Scene("profile-new", "/me/profile", stage.newcomer),
        Scene("mailbox", "/dev/mailbox"),
    ]


def _laying_out(stage: Stage) -> list[Scene]:
    mine = f"/me/outfits/{stage.draft}"
    return [
        Scene("lay-out", f"{mine}/lay-out", stage.stylist, docs_scale=1.5, is_whole=True),
        Scene(
            "lay-out-buttons",
            f"{mine}/lay-out",
            stage.stylist,
            act=lambda page: page.locator("details.move > summary").click(),
            is_whole=True,
        ),
        Scene("audience", f"{mine}/audience", stage.stylist, is_whole=True),
        Scene("shared", f"/me/outfits/{stage.stylist_look}/shared", stage.stylist, is_whole=True),
    ]


def _looking(stage: Stage) -> list[Scene]:
    brand = seed.BRAND_SLUG
    return [
        Scene("outfit", f"/o/{stage.other_look}", is_whole=True),
        Scene("outfit-member", f"/o/{stage.other_look}", stage.newcomer, is_whole=True),
        Scene(
            "outfit-liked", f"/o/{stage.liked_look}", stage.stylist, is_whole=True, docs_scale=1.5
        ),
        Scene("outfit-own", f"/o/{stage.stylist_look}", stage.stylist, is_whole=True),
        Scene("outfit-gone", "/o/00000000000000000000000000", expected=("404",)),
        Scene("brand", f"/b/{brand}", is_whole=True),
        Scene("league", f"/league/{brand}", is_whole=True),
        Scene("league-mine", f"/league/{brand}", stage.stylist, is_whole=True, docs_scale=1.5),
        Scene("league-not-in", f"/league/{brand}", stage.newcomer, is_whole=True),
        Scene("league-store-month", f"/league/{brand}/covent-garden?cadence=month", is_whole=True),
        Scene("league-empty-store", f"/league/{brand}/belfast?cadence=month"),
    ]


def _at_home(stage: Stage) -> list[Scene]:
    return [
        Scene("me", "/me", stage.stylist, is_whole=True),
        Scene("receipts", "/me/receipts", stage.stylist),
        Scene("outfits", "/me/outfits", stage.stylist),
        Scene("profile", "/me/profile", stage.stylist, is_whole=True),
        Scene("privacy", "/me/privacy", stage.stylist, is_whole=True),
        Scene("me-new", "/me", stage.newcomer, is_whole=True),
        Scene("receipts-none", "/me/receipts", stage.newcomer),
        Scene("outfits-none", "/me/outfits", stage.newcomer),
        Scene("prizes-none", "/me/prizes", stage.newcomer),
        Scene("page-unknown", "/nowhere", expected=("404",)),
    ]


def _screens(stage: Stage) -> list[Scene]:
    return [
        Scene("hub", "/", size=DESK, is_whole=True, docs_scale=0.75),
        Scene("kiosk", _kiosk(), size=KIOSK, themes=("dark",), docs_scale=0.75),
        Scene("kiosk-month", f"{_kiosk()}?cadence=month", size=KIOSK, themes=("dark",)),
        Scene(
            "print", stage.print_path, size=PAPER, themes=("light",), is_whole=True, docs_scale=1
        ),
        Scene("api-docs", "/api/v1/docs", size=DESK),
    ]


def _kiosk(store: str = "covent-garden") -> str:
    return f"/kiosk/{seed.BRAND_SLUG}/{store}"


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


def _type(name: str, text: str) -> Callable[[Page], None]:
    """Fill the one field of a form and send it."""

    def act(page: Page) -> None:
        page.locator(f"input[name={name}]").fill(text)
        page.locator(f"form:has(input[name={name}]) button").first.click()
        page.wait_for_load_state()

    return act


def _then(*acts: Callable[[Page], None]) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for each in acts:
            each(page)

    return act
