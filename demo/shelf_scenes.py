"""Scenes of the shop floor: labels that were scanned, and the door of a store."""

from demo import acts, seed
from demo.scene import Scene
from demo.stage import Stage

# The Harbour trench in camel, 12, as its label has it in the demo's catalogue.
GTIN = "09520010000216"


def at_the_shelf(stage: Stage) -> list[Scene]:
    """A piece and a door, as strangers and members find them; then what they keep."""
    label, door = f"/01/{GTIN}?b={seed.BRAND_SLUG}", f"/in/{seed.BRAND_SLUG}/covent-garden"
    whole = {"is_whole": True}
    return [
        Scene("piece", label, **whole),
        Scene("piece-member", label, stage.newcomer, **whole),
        Scene("piece-kept", label, stage.stylist, act=_once("Keep until pay day"), **whole),
        Scene("piece-unknown", f"/01/{GTIN[:-1]}7", expected=("404",)),
        Scene("piece-send", f"/01/{GTIN}/send", stage.stylist, **whole),
        Scene("sent", "/me/sent", stage.stylist, act=_send, **whole),
        Scene("scan", f"/scan?b={seed.BRAND_SLUG}", **whole),
        Scene("scan-looking", f"/scan?b={seed.BRAND_SLUG}", act=acts.look_through_a_camera),
        Scene("scan-mistyped", f"/scan?b={seed.BRAND_SLUG}&code=12345"),
        Scene("saved-pieces", "/me/saved", stage.stylist, **whole),
        Scene("store-door", door, **whole),
        Scene("store-door-member", door, stage.newcomer, **whole),
        Scene("store-door-checked-in", door, stage.stylist, act=_once("Check in"), **whole),
        Scene("visits", "/me/visits", stage.stylist),
        Scene("visits-none", "/me/visits", stage.newcomer),
    ]


def _once(button: str) -> acts.Act:
    """Press a button that is gone once it did its work, in whichever theme comes first."""

    def act(page: acts.Page) -> None:
        if page.get_by_role("button", name=button).count():
            page.get_by_role("button", name=button).click()
        page.locator(".kept").wait_for()

    return act


def _send(page: acts.Page) -> None:
    """Send the piece to the first friend, in whichever theme comes first."""
    if not page.get_by_role("button", name="Take back").count():
        page.goto(f"/01/{GTIN}/send")
        page.get_by_role("radio").first.check()
        page.get_by_label("A line from you").fill("Camel, for the wedding?")
        page.get_by_role("button", name="Send it").click()
    page.get_by_role("button", name="Take back").first.wait_for()
