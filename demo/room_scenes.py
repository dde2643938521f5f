"""Scenes of the fitting room: its screen, the staff's pages about it, and a phone linked to it."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urljoin

from demo import acts, opinion_scenes, shop_floor
from demo.acts import Act, Page
from demo.scene import PANEL, TABLET, Scene
from demo.service import Service
from demo.simulator.browser import Browser
from demo.simulator.day import OFFICE, Day
from demo.simulator.desk import Desk, Wish, store_id
from demo.simulator.office import Office
from demo.stage import Stage
from retail.catalogue.epc import made_of

# The Harbour trench in camel, 10, and something to wear with it.
TRENCH, JUMPER = "09520010000148", "09520010009455"
ROOM, STORE = "Fitting room 4", "covent-garden"
# Of the trench in camel there is none of these.
GONE, SIZE_GONE = "09520010000353", "16"
_serials = count(1)


@dataclass(frozen=True)
class Room:
    """A fitting room whose screen and reader were let in: cookies of one, token of the other.

    With the key of the `office` what its store has is counted, by a clock that is `ahead` of this
    machine's.
    """

    origin: str
    screen: Mapping[str, str]
    reader: str
    office: str
    ahead: timedelta


def furnish(day: Day, stage: Stage) -> Room:
    """Let a screen and a reader into a room of Covent Garden, as the stage's manager."""
    return let_in(day, stage.manager)


def let_in(day: Day, manager: Mapping[str, str]) -> Room:
    """Let a screen and a reader into a room of Covent Garden, as a manager does."""
    origin = day.shop.origin
    key = day.shop.keys[OFFICE]
    store = store_id(origin, STORE, key)
    with contextlib.closing(Browser(origin, dict(manager))) as browser:
        desk = Desk(browser, store)
        screen, reader = (
            desk.let_in(Wish(role, ROOM, f"The {role} of room 4")) for role in ("screen", "reader")
        )
    return Room(origin, {"device": screen}, reader, key, day.shop.clock_offset)


def leave_for_visitors(shop: Service, stage: Stage, room: Room) -> None:
    """Have the hub lead to this room and to the assistant's tablet."""
    shop_floor.leave_for_visitors(shop.here.folder, {ROOM: room.screen["device"]}, stage.assistant)


def in_the_room(stage: Stage, room: Room) -> list[Scene]:
    """The room from empty to asked, in both languages, with a phone and without."""
    panel = {"size": PANEL, "themes": ("dark",)}
    tablet = {"size": TABLET, "themes": ("light",), "is_whole": True}
    page, requests, jo = "/room", "/staff/requests", stage.manager
    brought = _bring(room)
    asked = acts.then(brought, _press("14"), _press("Bring me"), _press("Call somebody"))
    linked = acts.then(brought, _link(room, stage))
    german = acts.then(_press("Deutsch"), brought, _link(room, stage, "Telefon verbinden"))
    gone = acts.then(brought, _sell_out(room), _press(SIZE_GONE))
    first = acts.then(acts.follow("Harbour trench"), acts.see("h1"))
    return [
        Scene("room-pairing", page, **panel),
        Scene("room-empty", page, room.screen, act=_clear, **panel),
        Scene("room", page, room.screen, act=acts.then(_clear, brought), **panel),
        Scene("room-link", page, room.screen, act=_press("Link my phone"), **panel),
        Scene("room-asked", page, room.screen, act=acts.then(_clear, asked), **panel),
        Scene("staff-requests", requests, jo, **tablet),
        Scene("staff-request", requests, jo, act=first, **tablet),
        Scene("staff-request-times", "/staff/request-times", jo, **tablet),
        Scene("room-none-here", page, room.screen, act=acts.then(_clear, gone), **panel),
        Scene("room-linked", page, room.screen, act=acts.then(_clear, linked), **panel),
        Scene("room-asking", f"{page}?asking=1", room.screen, **panel),
        Scene("my-room", "/me/room", stage.stylist, is_whole=True),
        Scene("my-room-label", f"/01/{JUMPER}", stage.stylist, is_whole=True),
        Scene("my-room-scanned", f"/01/{JUMPER}", stage.stylist, act=_show_there, is_whole=True),
        *opinion_scenes.asked_from(room.screen, stage, room.origin),
        Scene("room-german", page, room.screen, act=acts.then(_clear, german), **panel),
    ]


def read_tags(page: Page, room: Room) -> None:
    """Have a reader see two pieces that nobody has brought in before."""
    epcs = [made_of(gtin, str(next(_serials))).hex_96() for gtin in (TRENCH, JUMPER)]
    reads = {"reads": [{"epc": epc, "rssi": -45.0} for epc in epcs]}
    says = {"Authorization": f"Bearer {room.reader}"}
    answer = page.request.post(urljoin(page.url, "/api/v1/tag-reads"), headers=says, data=reads)
    assert answer.ok, answer.text()


def _bring(room: Room) -> Act:
    """Have two pieces brought in, and look at the screen."""

    def act(page: Page) -> None:
        read_tags(page, room)
        page.goto(urljoin(page.url, "/room"))
        page.locator(".hero").wait_for()

    return act


def _sell_out(room: Room) -> Act:
    """Have nothing left of one size, which the screen says once it is looked at again."""

    def act(page: Page) -> None:
        with contextlib.closing(Browser(room.origin)) as browser:
            office = Office(browser, room.office, {STORE: {GONE: 0}})
            office.count(STORE, datetime.now(UTC) + room.ahead)
        page.reload()

    return act


def _link(room: Room, stage: Stage, button: str = "Link my phone") -> Act:
    """Link the stylist's phone by the code on the screen."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=button).click()
        code = page.locator(".linking .code").inner_text()
        with contextlib.closing(Browser(room.origin, dict(stage.stylist))) as phone:
            phone.send(phone.open(f"/me/room?code={code}").form("/me/room/link"))
        page.goto(urljoin(page.url, "/room"))
        page.locator(".hero").wait_for()

    return act


def _show_there(page: Page) -> None:
    """Have the room show the piece of this label, as well as what its chips say."""
    page.get_by_role("button", name="Show it on the room’s screen").click()
    page.get_by_role("button", name="Take it out").wait_for()


def _clear(page: Page) -> None:
    """End whatever session the scene before left."""
    end = page.locator("button.end")
    if end.count():
        end.click()
        page.wait_for_url("**/room/cleared")
        page.goto(page.url.replace("/cleared", ""))


def _press(words: str) -> Act:
    """Touch something, and see the page come back."""

    def act(page: Page) -> None:
        # Not the way there is waited for: the live page may come back of itself at the same time.
        page.evaluate("document.documentElement.dataset.pressed = ''")
        page.get_by_role("button", name=words).first.click()
        page.locator("html:not([data-pressed])").wait_for()
        page.wait_for_load_state()

    return act
