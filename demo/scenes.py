"""Every screen of the shop in each of its states: what pictures show and browser tests inspect."""

from dataclasses import replace

from demo import acts, seed
from demo.counter_scenes import behind_the_counter, on_the_wall
from demo.poll_scenes import which_of_two
from demo.scene import DESK, KIOSK, PAPER, Scene, kiosk
from demo.shelf_scenes import at_the_shelf
from demo.stage import Stage

_LOST = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED")


def at_opening() -> list[Scene]:
    """The screens before anybody came."""
    front = f"/b/{seed.BRAND_SLUG}"
    return [
        Scene("brand-empty", front, is_whole=True),
        Scene("league-empty", f"/league/{seed.BRAND_SLUG}"),
        Scene("wall-empty", f"/wall/{seed.BRAND_SLUG}"),
        Scene("kiosk-empty", kiosk("belfast"), size=KIOSK, themes=("dark",)),
        Scene("hub-empty", "/", size=DESK, is_whole=True),
        Scene("mailbox-empty", "/dev/mailbox"),
    ]


def before_closing(stage: Stage) -> list[Scene]:
    """Every screen while the season runs."""
    return [
        # First, as their tablets lock when nobody touches them.
        *behind_the_counter(stage),
        *_arriving(stage),
        *_laying_out(stage),
        *_looking(stage),
        *_at_home(stage),
        *_among_friends(stage),
        *_screens(stage),
        *_in_time(stage),
        *_sending(stage),
        *_waiting(stage),
        *on_the_wall(stage),
        *which_of_two(stage),
        *at_the_shelf(stage),
    ]


def after_closing(stage: Stage) -> list[Scene]:
    """The screens that change when a season closes."""
    return [
        Scene("prizes", "/me/prizes", stage.stylist, is_whole=True, docs_scale=1.5),
        Scene("points-won", "/me/points", stage.stylist, is_whole=True),
        Scene("league-next-season", f"/league/{seed.BRAND_SLUG}", stage.stylist),
        Scene("kiosk-next-season", kiosk(), size=KIOSK, themes=("dark",)),
    ]


def _arriving(stage: Stage) -> list[Scene]:
    brand, receipt = seed.BRAND_SLUG, f"/r/{stage.token}"
    typing, wrong_code = f"/c/{brand}/covent-garden", acts.fill_in("code", "7K2M9Q8BXV")
    guest = "guest@shopper.example"
    return [
        Scene("receipt", receipt, is_whole=True, docs_scale=1.5),
        Scene("receipt-member", receipt, stage.stylist, is_whole=True),
        Scene("receipt-mine", f"/r/{stage.claimed_token}", stage.stylist, is_whole=True),
        Scene("receipt-unknown", "/r/00000000000000000000000000", expected=("404",)),
        Scene("code", typing),
        Scene("code-wrong", typing, act=wrong_code, expected=("404", "422")),
        Scene("join", f"/join/{brand}"),
        Scene("join-wrong", f"/join/{brand}", act=acts.fill_in("email", "nina"), expected=("422",)),
        Scene("join-code", f"/join/{brand}", act=acts.fill_in("email", guest)),
        Scene(
            "join-code-wrong",
            f"/join/{brand}",
            act=acts.then(
                acts.fill_in("email", "guest@shopper.example"), acts.fill_in("code", "000000")
            ),
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
        Scene("outfit-saved", f"/o/{stage.other_look}", stage.stylist, act=acts.save),
        Scene("share", f"/o/{stage.other_look}", act=acts.pass_on, is_whole=True),
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
        Scene("points", "/me/points", stage.stylist, is_whole=True),
        Scene("points-none", "/me/points", stage.newcomer),
        Scene("outfits", "/me/outfits", stage.stylist),
        Scene("saved", "/me/saved", stage.stylist),
        Scene("saved-none", "/me/saved", stage.newcomer),
        Scene("profile", "/me/profile", stage.stylist, is_whole=True),
        Scene("privacy", "/me/privacy", stage.stylist, is_whole=True),
        Scene("privacy-nothing", "/me/privacy", stage.newcomer, is_whole=True),
        Scene("who-looked-none", "/me/privacy/looks", stage.newcomer),
        Scene("sessions", "/me/sessions", stage.stylist, is_whole=True),
        Scene("own-data", "/me/data", stage.stylist, is_whole=True),
        Scene("delete", "/me/delete", stage.stylist, is_whole=True),
        Scene("notes", "/me/notes", stage.stylist, is_whole=True),
        Scene("note-choices", "/me/notes/choices", stage.stylist, is_whole=True),
        Scene("ranges", "/me/notes/ranges", stage.stylist, is_whole=True),
        Scene("notes-none", "/me/notes", stage.newcomer),
        Scene("offline", "/offline"),
        Scene("me-new", "/me", stage.newcomer, is_whole=True),
        Scene("receipts-none", "/me/receipts", stage.newcomer),
        Scene("outfits-none", "/me/outfits", stage.newcomer),
        Scene("prizes-none", "/me/prizes", stage.newcomer),
        Scene("offers-none", "/me/offers", stage.newcomer),
        Scene("offers", "/me/offers", stage.offered, is_whole=True),
        Scene("page-unknown", "/nowhere", expected=("404",)),
    ]


def _among_friends(stage: Stage) -> list[Scene]:
    return [
        Scene("friends", "/me/friends", stage.stylist, is_whole=True, docs_scale=1.5),
        Scene("friends-none", "/me/friends", stage.newcomer, is_whole=True),
        Scene("friend", stage.friend, stage.stylist, is_whole=True),
        Scene("friends-blocked", "/me/friends/blocked", stage.stylist),
        Scene("friends-looks", "/me/friends/looks", stage.stylist, is_whole=True),
        Scene("friends-looks-none", "/me/friends/looks", stage.newcomer),
        Scene("my-invitation", stage.my_invitation, stage.stylist, is_whole=True),
        Scene("invitation", stage.invitation, is_whole=True),
        Scene("invitation-member", stage.invitation, stage.newcomer, is_whole=True),
        Scene("invitation-own", stage.invitation, stage.stylist),
        Scene("invitation-gone", f"/f/{'0' * 26}", expected=("404",)),
        Scene("outfit-friends", f"/o/{stage.friends_look}", stage.stylist, is_whole=True),
    ]


def _screens(stage: Stage) -> list[Scene]:
    return [
        Scene("hub", "/", size=DESK, is_whole=True, docs_scale=0.75),
        Scene("kiosk", kiosk(), size=KIOSK, themes=("dark",), docs_scale=0.75),
        Scene("kiosk-few", kiosk("bristol"), size=KIOSK, themes=("dark",)),
        Scene("kiosk-looks", f"{kiosk()}?kind=outfits", size=KIOSK, themes=("dark",)),
        Scene("kiosk-month", f"{kiosk()}?cadence=month", size=KIOSK, themes=("dark",)),
        Scene(
            "print", stage.print_path, size=PAPER, themes=("light",), is_whole=True, docs_scale=1
        ),
        Scene("api-docs", "/api/v1/docs", size=DESK, act=acts.unfold_an_operation),
    ]


def _in_time(stage: Stage) -> list[Scene]:
    """What screens come to when nobody touches them, or nothing reaches them."""
    dark, lost = {"size": KIOSK, "themes": ("dark",)}, ("ERR_INTERNET_DISCONNECTED",)
    league, look = f"/league/{seed.BRAND_SLUG}", f"/o/{stage.other_look}"
    return [
        Scene("kiosk-warning", kiosk(), act=acts.wait(45), has_clock=True, **dark),
        Scene("kiosk-attract", kiosk(), act=acts.wait(61), has_clock=True, docs_scale=0.75, **dark),
        Scene("kiosk-paused", kiosk(), act=acts.press("Pause live updates"), **dark),
        Scene(
            "kiosk-offline",
            kiosk(),
            act=acts.then(acts.go_offline, acts.wait(40), acts.touch, acts.wait(25)),
            expected=lost,
            has_clock=True,
            **dark,
        ),
        Scene(
            "league-reconnecting",
            league,
            act=acts.then(acts.go_offline, acts.wait(35)),
            expected=lost,
            has_clock=True,
        ),
        Scene(
            "league-offline",
            league,
            act=acts.then(acts.go_offline, acts.wait(65)),
            expected=lost,
            has_clock=True,
        ),
        Scene(
            "outfit-like-queued",
            look,
            stage.newcomer,
            act=acts.then(acts.go_offline, acts.press_like),
            expected=lost,
            holds_network=True,
        ),
    ]


def _sending(stage: Stage) -> list[Scene]:
    """What shows while a form's answer is slow, or does not come."""
    receipt, claim = f"/r/{stage.token}", acts.press("Claim it and lay it out")
    slow = acts.then(acts.go_nowhere("**/claim"), claim, acts.see(".now-doing"))
    unsent = acts.then(acts.go_offline, claim, acts.see(".told"))
    saving = acts.then(acts.go_nowhere("**/me/profile"), acts.press("Save"), acts.see(".now-doing"))
    sending = [
        Scene("receipt-claiming", receipt, stage.stylist, act=slow),
        Scene("receipt-unsent", receipt, stage.stylist, act=unsent, expected=_LOST),
        Scene("profile-saving", "/me/profile", stage.stylist, act=saving),
    ]
    return [replace(scene, holds_network=True) for scene in sending]


def _waiting(stage: Stage) -> list[Scene]:
    """What shows while drawings and live parts are slow, or do not come."""
    look, league = f"/o/{stage.other_look}", f"/league/{seed.BRAND_SLUG}"
    bare = acts.then(acts.open_again, acts.see(".lay .to-come >> nth=0"))
    drawing = acts.then(acts.hold("*/garments/*"), bare)
    without = acts.then(acts.lose("**/garments/**"), bare)
    stale = acts.then(acts.go_offline, acts.wait(305))
    opening = acts.then(
        acts.go_nowhere("**/league/*month*"), acts.follow("This month"), acts.see(".bones")
    )
    updating = acts.then(acts.hold("*/fragments/*"), acts.wake, acts.see("[data-state=updating]"))
    waiting = [
        Scene("outfit-drawing", look, act=drawing),
        Scene("outfit-without-pictures", look, act=without, expected=_LOST),
        Scene("outfit-stale", look, act=stale, expected=_LOST, has_clock=True, is_whole=True),
        Scene("league-opening", league, act=opening),
        Scene("league-updating", league, act=updating),
    ]
    return [replace(scene, holds_network=True) for scene in waiting]
