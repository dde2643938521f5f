"""A room's part: what its screens show, made alike in Flask and before it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask import Flask
from werkzeug.http import generate_etag

from core import clock
from core.config import Settings
from core.glance import Ask
from core.transaction import Late, database
from retail.brands import vocabulary
from retail.devices import rules as device_rules
from retail.devices.queries import DeviceView
from retail.fitting_rooms import links
from retail.fitting_rooms.rules import Spot
from retail.journeys.floor.show_room import RoomPage, show_what_is_here
from retail.journeys.offers.rank_goods import goes_with
from retail.room_page.queries import find_device_here, find_room_here
from web import language
from web.devices import is_to_note
from web.kept import Store
from web.pages.fitting_room.goods import goods_of
from web.screens import Made, Maker
from web.translations import ROOM_LANGUAGES

TEMPLATE, ENDPOINT = "fitting_room/now.html", "room_screen.now"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class ShownCode:
    """The code that links a phone, and the address that it opens there."""

    code: str
    address: str


class Said(NamedTuple):
    """All that a part is put together from where it tells of nobody: the same gives the same."""

    language: str
    words: str
    page: RoomPage
    link: ShownCode | None


class _Text(NamedTuple):
    said: Said
    body: bytes
    etag: str


def maker(app: Flask) -> Maker:
    """Makes the part for a screen that brings its token and nothing else, without Flask."""
    texts: Store[_Text] = Store()

    def make(token_hash: str) -> Made | None:
        now, settings = clock.now(), app.config["SETTINGS"]
        with database().glances(is_one=True) as ask, Late(database().read) as session:
            found = find_device_here(ask, token_hash, now=now)
            if found is None or not _is_plain(found.device, now):
                return None
            tips = goes_with(found.device.brand_id, settings.data_dir)
            page = show_what_is_here(found.room, ask, session, goes_with=tips, now=now)
        said = _speak(page, found.device, _code_of(page, settings, now))
        if page.tells_of_somebody:
            return Made(ENDPOINT, found.stamp, *_text(app, said)[1:], until=None)
        text = texts.get((token_hash,))
        if text is None or text.said != said:
            text = _text(app, said)
            texts.put((token_hash,), text)
        return Made(ENDPOINT, found.stamp, text.body, text.etag, stands_until(page, said.link))

    return make


def content(
    session: Any, ask: Ask, device: DeviceView, settings: Settings, *, asks: bool = False
) -> dict[str, Any]:
    """Everything that a screen shows, in the words that it speaks from here on; `asks` once
    somebody touched that they want to ask friends."""
    now = clock.now()
    tips = goes_with(device.brand_id, settings.data_dir)
    found = find_room_here(ask, spot_of(device), now=now)
    page = show_what_is_here(found, ask, lambda: session, goes_with=tips, now=now)
    said = _speak(page, device, _code_of(page, settings, now))
    asking = _asking(page, settings, asks=asks)
    return {"device": device, "now": now, **_told(said, asking=asking)}


def stands_until(page: RoomPage, code: ShownCode | None) -> datetime:
    """When what a screen shows is not so any more even if nothing happens."""
    ends = [page.fresh_until]
    if page.room is not None:
        ends += [page.room.clears_at, page.room.link_until if code else None]
    return min((end for end in ends if end is not None), default=_NEVER)


def _speak(page: RoomPage, device: DeviceView, code: ShownCode | None) -> Said:
    vocabulary.speak_to(device)
    language.speak(page.room.language if page.room else "")
    return Said(language.language(), vocabulary.spoken(), page, code)


def _text(app: Flask, said: Said) -> _Text:
    body = app.jinja_env.get_template(TEMPLATE).render(_told(said)).encode()
    return _Text(said, body, generate_etag(body))


def _told(said: Said, *, asking: str = "") -> dict[str, Any]:
    """What the template needs, of nothing but what is said."""
    page = said.page
    spoken = page.room.language if page.room else ""
    told = {"page_lang": spoken, "languages": ROOM_LANGUAGES, "link": said.link, "asking": asking}
    return {"page": page, "goods": goods_of(page), **told}


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
