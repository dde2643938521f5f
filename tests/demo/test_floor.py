"""The floor as the demo lives it: over the public interfaces, one second after another."""

import random
from collections.abc import Iterator, Mapping
from itertools import chain, repeat

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import database
from demo.shop_floor import SECOND_ROOM_RESTS
from demo.simulator.antennas import Line, in_impinjs_words, in_our_words
from demo.simulator.browser import Browser
from demo.simulator.desk import Desk, Wish, is_known
from demo.simulator.floor import (
    KIOSK_FROM,
    SENDS_EVERY,
    SETTLED_AFTER,
    Floor,
    Kiosk,
    Reader,
    Room,
)
from demo.simulator.plan import Article
from demo.simulator.screen import Screen
from demo.simulator.tablet import Assistant
from demo.simulator.visits import (
    Ask,
    Bring,
    End,
    Leave,
    Piece,
    ThinkAgain,
    Visit,
    VisitPlanner,
)
from retail.brands import queries as brands
from retail.catalogue.queries import VariantView
from retail.devices import queries as devices
from retail.devices import service
from tests.application import app, app_settings, kept_app
from tests.builders.brands import new_store
from tests.builders.catalogue import new_stock, new_style, new_variant
from tests.builders.floor import new_device, new_floor
from tests.builders.staff_accounts import COOKIE, new_staff, sign_in_staff
from tests.conftest import KEY

__all__ = ["app", "app_settings", "kept_app"]
ROOMS = ("Fitting room 1", "Fitting room 2")
EMPTY = Visit((), None, 1_000)


class BrowserBeside(Browser):
    """The simulator's browser, without a network."""

    def __init__(self, client: FlaskClient, cookies: Mapping[str, str]) -> None:
        super().__init__("http://localhost", dict(cookies))
        self.client = client

    def request(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], str]:
        """One exchange with the application, without following redirects."""
        answer = self.client.open(path, method=method, data=body, headers=dict(headers))
        for header in answer.headers.getlist("Set-Cookie"):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status_code, {k.lower(): v for k, v in answer.headers}, answer.text


class OnTheFloor:
    """Two rooms of a store with a coat in two sizes and two colours, and everything let in."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), database().write() as session:
            self.store = new_store(session)
            self.goods = new_floor(session, self.store)
            brand_id = self.store.brand_id
            self.brand = brands.get_brand(session, brand_id)
            self.sam = new_staff(session, brand_id, role="assistant", name="Sam Reed")
            self.jo = {COOKIE: sign_in_staff(session, new_staff(session, brand_id))}
            self.tokens = {
                (role, zone): new_device(session, self.store, role, zone=zone)
                for zone in ROOMS
                for role in ("screen", "reader")
            }
        self.trench, self.other = (
            Piece(one.gtin or "", 7) for one in (self.goods.trench_10, self.goods.navy_12)
        )

    def browser(self, cookies: Mapping[str, str]) -> Browser:
        return BrowserBeside(self.app.test_client(use_cookies=False), cookies)

    def sign_in(self) -> dict[str, str]:
        with self.app.app_context(), database().write() as session:
            return {COOKIE: sign_in_staff(session, self.sam)}

    def screen(self, zone: str = ROOMS[0]) -> Screen:
        return Screen(self.browser({"device": self.tokens["screen", zone]}))

    def with_visits(self, *visits: Visit) -> Floor:
        """A floor where these visits come to the first room, and nobody to the second."""
        return self.with_rooms(chain(visits, repeat(EMPTY)), repeat(EMPTY))

    def as_it_opens(self, seed_text: str) -> Floor:
        """The floor as `make demo` has it from its first second on, with goods in three sizes."""
        with self.app.app_context(), database().write() as session:
            goods = [self._in_three_sizes(session) for _ in range(6)]
        articles = [Article(one.gtin or "", one.style_name, 1, "outer", "") for one in goods]
        planner = VisitPlanner(seed_text, 1, {"outer": articles})
        floor = self.with_rooms(planner.visits(0), planner.visits(1))
        for number, room in enumerate(floor.rooms):
            room.rests_for = number * SECOND_ROOM_RESTS
        return floor

    def _in_three_sizes(self, session: Session) -> VariantView:
        brand_id = self.store.brand_id
        style = new_style(session, brand_id=brand_id)
        sizes = [
            new_variant(session, brand_id=brand_id, style=style, size=size)
            for size in ("10", "12", "14")
        ]
        for one in sizes:
            new_stock(session, brand_id=brand_id, store_id=self.store.id, variant_id=one.id)
        return sizes[0]

    def with_rooms(self, *coming: Iterator[Visit]) -> Floor:
        """A floor where these visits come to each of the rooms."""
        words = (in_our_words, in_impinjs_words)
        variants = (self.goods.trench_10, self.goods.trench_12, self.goods.navy_12)
        place = f"/kiosk/{self.brand.slug}/{self.store.slug}"
        return Floor(
            rooms=[
                Room(zone, self.screen(zone), visits_here, lambda worn: None)
                for zone, visits_here in zip(ROOMS, coming, strict=True)
            ],
            readers=[
                Reader(self.browser({}), self.tokens["reader", zone], says, Line(zone))
                for zone, says in zip(ROOMS, words, strict=True)
            ],
            assistant=Assistant(self.browser(self.sign_in()), random.Random("Sam")),
            kiosk=Kiosk(self.browser({}), place),
            sign_in=self.sign_in,
            gtins={one.sku: one.gtin or "" for one in variants},
            seed="a floor",
            now=core_clock.now,
        )


@pytest.fixture
def shop(app: Flask) -> OnTheFloor:
    return OnTheFloor(app)


def states(floor: Floor, clock: FixedClock, seconds: int, screen: Screen) -> Iterator[str]:
    """What the first room's screen shows, in every other second."""
    for second in range(seconds):
        floor.pass_second(second)
        clock.advance(seconds=1)
        if second % 2:
            yield screen.browser.open("/room").text


def steps(pages: list[str], *words: str) -> list[str]:
    """Which of these words the pages showed, in the order in which they first did."""
    first = {
        word: next((n for n, page in enumerate(pages) if word in page), None) for word in words
    }
    return sorted((w for w, n in first.items() if n is not None), key=lambda w: first[w] or 0)


def test_a_customer_asks_an_assistant_brings_it_and_the_screen_follows_to_the_end(
    shop: OnTheFloor, clock: FixedClock
) -> None:
    visit = Visit((Bring(0, shop.trench), Ask(4, 2), End(28)), None, 1_000)
    floor = shop.with_visits(visit)
    pages = list(states(floor, clock, 42, shop.screen()))
    story = (
        "Bring something in.",
        "camel, size 10",
        "Sent. Somebody will say so here.",
        "Sam has it",
        "Sam is on the way",
        "At your door",
        "This one is with you. Touch another",
    )
    assert set(steps(pages, *story)) == set(story)
    waits = steps(pages, *story[2:6])
    assert waits == list(story[2:6])
    assert "Bring something in." in pages[-1]
    assert floor.rooms[0].inside == []


# As everybody is told who opens the demo.
MOVES_WITHIN_SECONDS = 15


@pytest.mark.parametrize("seed_text", ["alder-and-finch", "another day", "a third", "a fourth"])
def test_both_rooms_and_the_tablet_have_something_in_motion_within_fifteen_seconds(
    shop: OnTheFloor, clock: FixedClock, seed_text: str
) -> None:
    floor = shop.as_it_opens(seed_text)
    shown: dict[str, int] = {}
    for second in range(MOVES_WITHIN_SECONDS):
        floor.pass_second(second)
        clock.advance(seconds=1)
        pages = {zone: shop.screen(zone).browser.open("/room").text for zone in ROOMS}
        moving = [zone for zone, page in pages.items() if "/room/show" in page]
        queue = floor.assistant.browser.open("/staff/live/requests/queue").text
        moving += ["tablet"] if "/staff/requests/" in queue else []
        for one in moving:
            shown.setdefault(one, second)
    assert set(shown) == {*ROOMS, "tablet"}, shown
    assert max(shown.values()) <= SETTLED_AFTER + SENDS_EVERY, "before everybody else comes"


def test_whoever_is_quicker_at_the_tablet_has_it_and_the_simulated_assistant_leaves_it_to_them(
    shop: OnTheFloor, clock: FixedClock
) -> None:
    floor = shop.with_visits(Visit((Bring(0, shop.trench), Ask(3, 2), End(60)), None, 1_000))
    visitor = shop.browser(shop.sign_in())
    pages = []
    for page in states(floor, clock, 22, shop.screen()):
        queue = visitor.open("/staff/requests").text
        if "Waits for somebody" in queue:
            address = f"/staff/requests/{queue.partition('/staff/requests/')[2][:26]}"
            visitor.send(visitor.open(address).form(f"{address}/accept"))
        pages.append(page)
    assert "Sam has it" in pages[-1]
    assert not any("on the way" in page or "At your door" in page for page in pages)
    assert floor.rooms[0].inside == [shop.trench], "whoever took it on has not brought it"


def test_nobody_leaves_while_something_is_coming_unless_they_want_it_no_more(
    shop: OnTheFloor, clock: FixedClock
) -> None:
    motions = (Bring(0, shop.trench), Ask(4, 2), ThinkAgain(6), Leave(8))
    floor = shop.with_visits(Visit(motions, None, 1_000))
    pages = list(states(floor, clock, 14, shop.screen()))
    assert steps(pages, "Sent. Somebody", "Sam has it") == ["Sent. Somebody"]
    assert floor.rooms[0].inside == []
    assert "camel" in pages[-1], "nobody touched the screen: it has to find out"


def test_a_room_that_a_visitor_cleared_goes_on_with_the_next_customer(
    shop: OnTheFloor, clock: FixedClock
) -> None:
    first = Visit((Bring(0, shop.trench), Ask(12, 2), End(14)), None, 2)
    floor = shop.with_visits(first, Visit((Bring(0, shop.other),), None, 1_000))
    screen = shop.screen()
    for second in range(30):
        floor.pass_second(second)
        clock.advance(seconds=1)
        if second == 8:
            screen.end()
    assert "navy, size 12" in screen.browser.open("/room").text


def test_a_tablet_that_somebody_signed_out_is_signed_in_again(
    shop: OnTheFloor, clock: FixedClock
) -> None:
    floor = shop.with_visits(Visit((Bring(0, shop.trench), Ask(3, 2)), None, 1_000))
    floor.assistant.browser.cookies.clear()
    pages = list(states(floor, clock, 20, shop.screen()))
    assert any("Sam has it" in page for page in pages)


def test_a_kiosk_is_let_in_by_the_code_that_it_shows_and_is_heard_of_from_then_on(
    shop: OnTheFloor, clock: FixedClock
) -> None:
    desk = Desk(shop.browser(shop.jo), shop.store.id)
    token = desk.let_in(Wish("kiosk", "Entrance", "Kiosk at the door"))
    clock.advance(minutes=11)
    path = f"/kiosk/{shop.brand.slug}/{shop.store.slug}"
    Kiosk(shop.browser({"device": token}), path).pass_second(KIOSK_FROM)
    with shop.app.app_context(), database().read() as session:
        seen = {one.name: one.seen_at for one in devices.devices_in(session, [shop.store.id])}
    assert seen["Kiosk at the door"] == clock.now()


def test_a_device_that_was_revoked_since_is_to_be_let_in_anew(shop: OnTheFloor) -> None:
    line, token = shop.browser({}), shop.tokens["reader", ROOMS[0]]
    assert is_known(line, token)
    with shop.app.app_context(), database().write() as session:
        reader = devices.find_device(session, token, key=KEY)
        assert reader is not None
        service.revoke(session, reader, now=core_clock.now())
    assert not is_known(line, token)
