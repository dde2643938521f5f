"""Who checked in: on a tablet of the store, and on the phone of the one who is greeted."""

from dataclasses import replace

from demo import acts, seed
from demo.greeting_stage import come_in, use_a_voucher
from demo.scene import TABLET, Scene
from demo.service import Service
from demo.stage import Stage


def of_greetings(shop: Service, stage: Stage) -> list[Scene]:
    """Somebody comes in: her wish, the door, and a tablet with and without a connection.

    A till took a voucher of hers before."""
    use_a_voucher(shop)
    come_in(shop.origin, stage.saver)
    door = f"/in/{seed.BRAND_SLUG}/covent-garden"
    return [
        Scene("greeting", "/me/greeting", stage.saver, is_whole=True),
        Scene("store-door-greeted", door, stage.saver, is_whole=True),
        *_on_the_tablet(stage),
    ]


def _on_the_tablet(stage: Stage) -> list[Scene]:
    page, sam = "/staff/greetings", stage.assistant
    here = f"{page}/covent-garden"
    scenes = [
        Scene("staff-greetings", here, sam),
        Scene("staff-greetings-none", f"{page}/leeds", sam),
        Scene(
            "staff-greetings-offline",
            here,
            sam,
            act=acts.then(acts.go_offline, acts.wait(65), acts.see(".unseen")),
            expected=("ERR_FAILED", "ERR_INTERNET_DISCONNECTED"),
            has_clock=True,
        ),
    ]
    return [replace(scene, size=TABLET, themes=("light",), is_whole=True) for scene in scenes]
