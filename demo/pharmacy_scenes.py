"""The screens of the second retailer, which speaks in words of its own."""

from demo import pharmacy
from demo.scene import DESK, KIOSK, Scene
from demo.service import Service

FEW = {"people": 4, "looks": 3, "likes": 8}


def of_the_pharmacy(shop: Service) -> list[Scene]:
    """Its hub, its front page, its kiosk, and what somebody laid out there."""
    with shop.day_at_the_pharmacy("shots") as day:
        for action in day.plan().warm_up(**FEW):
            day.act(action)
        number, stylist = next(iter(day.stylists.items()))
        mine, look = day.phones[stylist].browser.cookies, day.looks[number]
    brand, kiosk = pharmacy.BRAND_SLUG, f"/kiosk/{pharmacy.BRAND_SLUG}/{pharmacy.STORES[0]}"
    return [
        Scene("hub-pharmacy", f"/?shop={brand}", size=DESK, is_whole=True, docs_scale=0.75),
        Scene("pharmacy", f"/b/{brand}", is_whole=True),
        Scene("pharmacy-routine", f"/o/{look}", mine, is_whole=True),
        Scene("pharmacy-me", "/me", mine, is_whole=True),
        Scene("pharmacy-kiosk", kiosk, size=KIOSK, themes=("dark",)),
    ]
