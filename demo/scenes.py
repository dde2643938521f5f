"""Every screen of the shop in each of its states: what pictures show and browser tests inspect."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Page

from demo import seed
from demo.stage import Stage

Theme = Literal["light", "dark"]
BOTH: tuple[Theme, ...] = ("light", "dark")
PHONE = (390, 844)
KIOSK = (1920, 1080)
PAPER = (576, 1100)
DESK = (1280, 900)


@dataclass(frozen=True)
class Scene:
    """A page in one state: who opens what at which size, and what they do before we look.

    `expected` are parts of console messages that belong to the state, such as a 404 of its own.
    `has_clock` hands the page a clock that `act` can turn forward.
    """

    name: str
    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    size: tuple[int, int] = PHONE
    themes: tuple[Theme, ...] = BOTH
    act: Callable[[Page], None] | None = None
    expected: tuple[str, ...] = ()
    has_clock: bool = False
    is_whole: bool = False
    docs_scale: float = 0


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


def before_closing(stage: Stage) -> list[Scene]:
    """Every screen while the season runs."""
    return [
        *_arriving(stage),
        *_laying_out(stage),
        *_looking(stage),
        *_at_home(stage),
        *_screens(stage),
        *_in_time(stage),
        *_waiting(stage),
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
        Scene("kiosk-few", _kiosk("bristol"), size=KIOSK, themes=("dark",)),
        Scene("kiosk-month", f"{_kiosk()}?cadence=month", size=KIOSK, themes=("dark",)),
        Scene(
            "print", stage.print_path, size=PAPER, themes=("light",), is_whole=True, docs_scale=1
        ),
        Scene("api-docs", "/api/v1/docs", size=DESK, act=_open_all),
    ]


def _in_time(stage: Stage) -> list[Scene]:
    """What screens come to when nobody touches them, or nothing reaches them."""
    dark, lost = {"size": KIOSK, "themes": ("dark",)}, ("ERR_INTERNET_DISCONNECTED",)
    league, look = f"/league/{seed.BRAND_SLUG}", f"/o/{stage.other_look}"
    return [
        Scene("kiosk-warning", _kiosk(), act=_wait(45), has_clock=True, **dark),
        Scene("kiosk-attract", _kiosk(), act=_wait(61), has_clock=True, docs_scale=0.75, **dark),
        Scene("kiosk-paused", _kiosk(), act=_press("Pause live updates"), **dark),
        Scene(
            "kiosk-offline",
            _kiosk(),
            act=_then(_go_offline, _wait(40), _touch, _wait(25)),
            expected=lost,
            has_clock=True,
            **dark,
        ),
        Scene(
            "league-reconnecting",
            league,
            act=_then(_go_offline, _wait(35)),
            expected=lost,
            has_clock=True,
        ),
        Scene(
            "league-offline",
            league,
            act=_then(_go_offline, _wait(65)),
            expected=lost,
            has_clock=True,
        ),
        Scene(
            "outfit-like-failed",
            look,
            stage.newcomer,
            act=_then(_go_offline, _press_like),
            expected=lost,
        ),
    ]


def _waiting(stage: Stage) -> list[Scene]:
    """What shows while an answer is slow, or does not come."""
    receipt, look, league = f"/r/{stage.token}", f"/o/{stage.other_look}", seed.BRAND_SLUG
    pictures, lost = "*/garments/*", ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED")
    claim = _press("Claim it and lay it out")
    return [
        Scene(
            "receipt-claiming",
            receipt,
            stage.stylist,
            act=_then(_go_nowhere("**/claim"), claim, _see(".now-doing")),
        ),
        Scene(
            "receipt-unsent",
            receipt,
            stage.stylist,
            act=_then(_go_offline, claim, _see(".told")),
            expected=lost,
        ),
        Scene(
            "profile-saving",
            "/me/profile",
            stage.stylist,
            act=_then(_go_nowhere("**/me/profile"), _press("Save"), _see(".now-doing")),
        ),
        Scene(
            "outfit-drawing",
            look,
            act=_then(_hold(pictures), _open_again, _see(".lay .to-come >> nth=0")),
        ),
        Scene(
            "outfit-without-pictures",
            look,
            act=_then(_lose("**/garments/**"), _open_again, _see(".lay .to-come >> nth=0")),
            expected=lost,
        ),
        Scene(
            "outfit-stale",
            look,
            act=_then(_go_offline, _wait(305)),
            expected=lost,
            has_clock=True,
            is_whole=True,
        ),
        Scene(
            "league-opening",
            f"/league/{league}",
            act=_then(_go_nowhere("**/league/*month"), _follow("This month"), _see(".bones")),
        ),
        Scene(
            "league-updating",
            f"/league/{league}",
            act=_then(_hold("*/fragments/*"), _wake, _see("[data-state=updating]")),
        ),
    ]


def _kiosk(store: str = "covent-garden") -> str:
    return f"/kiosk/{seed.BRAND_SLUG}/{store}"


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


def _go_offline(page: Page) -> None:
    page.context.set_offline(True)


def _hold(addresses: str) -> Callable[[Page], None]:
    """Nothing comes from these addresses, and nothing fails either."""

    def act(page: Page) -> None:
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.send("Fetch.enable", {"patterns": [{"urlPattern": addresses}]})

    return act


def _lose(addresses: str) -> Callable[[Page], None]:
    return lambda page: page.route(addresses, lambda route: route.abort())


def _see(selector: str) -> Callable[[Page], None]:
    return lambda page: page.locator(selector).wait_for()


def _open_again(page: Page) -> None:
    page.reload(wait_until="commit")


def _go_nowhere(addresses: str) -> Callable[[Page], None]:
    """Whoever sets off for these addresses waits where they are."""
    return lambda page: page.route(addresses, lambda route: route.fulfill(status=204))


def _wake(page: Page) -> None:
    """As when a tab is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def _touch(page: Page) -> None:
    page.keyboard.press("Shift")


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def _press_like(page: Page) -> None:
    page.locator("button.like").click()


def _follow(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("link", name=name).click()


def _press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).click()


def _wait(seconds: int) -> Callable[[Page], None]:
    return lambda page: page.clock.run_for(seconds * 1_000)
