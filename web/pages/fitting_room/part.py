"""A room's part: what its screens show, made alike in Flask and before it."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.http import generate_etag

from core import clock
from core.config import Settings
from core.glance import Ask
from core.transaction import database
from retail.brands import vocabulary
from retail.devices import rules as device_rules
from retail.devices.queries import DeviceView
from retail.fitting_rooms import links
from retail.fitting_rooms.rules import Spot
from retail.journeys.floor.show_room import Late, RoomPage, show_what_is_here
from retail.journeys.offers.rank_goods import goes_with
from retail.room_page.queries import find_device_here, find_room_here
from web import language
from web.devices import is_to_note
from web.pages.fitting_room.goods import goods_of
from web.screens import Made, Maker
from web.translations import ROOM_LANGUAGES

TEMPLATE = "fitting_room/now.html"


@dataclass(frozen=True)
class ShownCode:
    """The code that links a phone, and the address that it opens there."""

    code: str
    address: str


def maker(app: Flask, settings: Settings) -> Maker:
    """Makes the part for a screen that brings its token and nothing else, without Flask."""

    def make(token_hash: str) -> Made | None:
        now = clock.now()
        with ExitStack() as stack:
            ask = stack.enter_context(database().glances(is_one=True))
            found = find_device_here(ask, token_hash, now=now)
            if found is None or not _is_plain(found.device, now):
                return None
            late = cache(lambda: stack.enter_context(database().read()))
            tips = goes_with(found.device.brand_id, settings.data_dir)
            page = show_what_is_here(found.room, ask, late, goes_with=tips, now=now)
            told = _content(page, found.device, settings, now)
        body = app.jinja_env.get_template(TEMPLATE).render(told).encode()
        until = None if told["page"].tells_of_somebody else stands_until(told)
        return Made("room_screen.now", found.stamp, body, generate_etag(body), until)

    return make


def content(
    session: Late, ask: Ask, device: DeviceView, settings: Settings, *, asks: bool = False
) -> dict[str, Any]:
    """Everything that a screen shows, in the words that it speaks from here on; `asks` once
    somebody touched that they want to ask friends."""
    now = clock.now()
    tips = goes_with(device.brand_id, settings.data_dir)
    found = find_room_here(ask, spot_of(device), now=now)
    page = show_what_is_here(found, ask, session, goes_with=tips, now=now)
    return _content(page, device, settings, now, asks=asks)


def _content(
    page: RoomPage, device: DeviceView, settings: Settings, now: datetime, *, asks: bool = False
) -> dict[str, Any]:
    spoken = page.room.language if page.room else ""
    vocabulary.speak_to(device)
    language.speak(spoken)
    told = {"page_lang": spoken, "languages": ROOM_LANGUAGES, "now": now}
    told |= {"link": _code_of(page, settings, now), "asking": _asking(page, settings, asks=asks)}
    return {"device": device, "page": page, "goods": goods_of(page), **told}


def stands_until(told: Mapping[str, Any]) -> datetime:
    """When what a screen shows is not so any more even if nothing happens."""
    page, code = told["page"], told["link"]
    ends = [page.fresh_until, page.room.clears_at if page.room else None]
    ends += [page.room.link_until if page.room and code else None]
    return min((end for end in ends if end is not None), default=datetime.max.replace(tzinfo=UTC))


def spot_of(device: DeviceView) -> Spot:
    """Where a screen stands."""
    return Spot(device.brand_id, device.store_id, device.zone_id)


def _is_plain(device: DeviceView, now: datetime) -> bool:
    return device.role == device_rules.SCREEN and not is_to_note(device, now=now)


def _code_of(page: RoomPage, settings: Settings, now: datetime) -> ShownCode | None:
    code = links.code_shown(page.room, now=now, key=settings.key) if page.room else None
    if code is None or page.shopper is not None:
        return None
    return ShownCode(code, f"{settings.public_url.rstrip('/')}/me/room?code={code}")


def _asking(page: RoomPage, settings: Settings, *, asks: bool) -> str:
    """Where a linked phone asks friends, once that was touched and until they are asked."""
    if not asks or page.shopper is None or page.shopper.opinion is not None:
        return ""
    return f"{settings.public_url.rstrip('/')}/me/opinions/new"
