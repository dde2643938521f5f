"""The screens of the wall and of those who look after it."""

from collections.abc import Mapping
from dataclasses import replace

from demo import acts, seed
from demo.scene import TABLET, Scene
from demo.stage import Stage


def on_the_wall(stage: Stage) -> list[Scene]:
    wall, held = f"/wall/{seed.BRAND_SLUG}", f"/me/outfits/{stage.held_look}/shared"
    report = f"/o/{stage.other_look}/report"
    return [
        Scene("wall", wall, is_whole=True),
        Scene("wall-store", f"{wall}/covent-garden", stage.stylist, is_whole=True),
        Scene("report", report, stage.newcomer, is_whole=True),
        Scene("outfit-held", held, stage.held, is_whole=True),
        Scene("outfits-held", "/me/outfits", stage.held),
    ]


def behind_the_counter(stage: Stage) -> list[Scene]:
    door, jo, sam = f"/staff/sign-in/{seed.BRAND_SLUG}", stage.manager, stage.assistant
    nobody, locked = acts.fill_in("email", "nobody@shopper.example"), acts.press("Lock")
    opened = acts.then(acts.choose("A complaint"), acts.fill_in("email", stage.stylist_email))
    scenes = [
        Scene("staff-home-assistant", "/staff", sam),
        Scene("staff-forbidden", "/staff/team", sam, expected=("403",)),
        Scene("staff-till", "/staff/till", sam),
        Scene(
            "staff-till-unknown",
            "/staff/till",
            sam,
            act=acts.at_the_till("HELLO", "20"),
            expected=("422",),
        ),
        Scene("staff-till-sold", "/staff/till", sam, act=acts.sell_by_hand("49.50")),
        # Locked, his tablet shows nothing else.
        Scene("staff-locked", "/staff", sam, act=locked),
        Scene("staff-home", "/staff", jo),
        Scene("staff-wall", "/staff/wall", jo),
        Scene("staff-wall-look", f"/staff/wall/{stage.other_look}", jo),
        Scene("staff-wall-look-held", f"/staff/wall/{stage.held_look}", jo),
        Scene("staff-wall-none", "/staff/wall?show=hidden", jo),
        Scene("staff-wall-rules", "/staff/wall/rules", jo),
        Scene("staff-engagement", "/staff/engagement", jo),
        Scene("staff-members", "/staff/members", jo),
        Scene("staff-member", "/staff/members", jo, act=opened),
        Scene("staff-team", "/staff/team", jo),
        *_told_systems(jo),
        Scene("staff-me", "/staff/me", jo),
        Scene("staff-sign-in", door),
        Scene("staff-code", door, act=nobody),
    ]
    return [replace(scene, size=TABLET, themes=("light",), is_whole=True) for scene in scenes]


def _told_systems(jo: Mapping[str, str]) -> list[Scene]:
    # Nobody listens at this address, so the log has something to say.
    page, add = "/staff/webhooks", acts.add_system("Warehouse", "http://127.0.0.1:9/swingtag")
    till = acts.add_system("Accounts", "http://127.0.0.1:9/accounts")
    wrong = acts.add_system("Warehouse", "ftp://erp.example/")
    tested = acts.then(
        add,
        acts.follow("Go on"),
        acts.press("Send a test"),
        acts.see(".note.flash"),
        acts.see(".log"),
    )
    return [
        Scene("staff-webhooks-none", page, jo),
        Scene("staff-webhooks-wrong", page, jo, act=wrong, expected=("422",)),
        Scene("staff-webhook-secret", page, jo, act=till),
        Scene("staff-webhook", page, jo, act=tested),
        Scene("staff-webhooks", page, jo),
    ]
