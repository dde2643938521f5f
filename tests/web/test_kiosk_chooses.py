"""A kiosk that chooses by what people there like: what it shows, and who sees it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from core import clock as core_clock
from core.clock import FixedClock
from core.transaction import Database
from retail.accounts.queries import MemberView
from retail.brands import queries as brands
from retail.consent.in_stores import SCREENS_CHOOSE
from retail.social import service as social
from tests.builders.accounts import new_member
from tests.builders.brands import new_store
from tests.builders.catalogue import new_style, new_variant
from tests.builders.floor import new_device
from tests.builders.kiosks import new_kiosk
from tests.builders.outfits import lay_out_and_show
from tests.builders.present import come_in, who_like
from tests.builders.visitor import Visitor

LINE = "Chosen by what people here like"
PARTS = ("wall", "looks")


class Shop:
    """A kiosk in a store, a look in a coat that moves, one in a hat, and eleven who like hats."""

    def __init__(self, app: Flask, db: Database, clock: FixedClock) -> None:
        self.db, self.clock, self.kiosk = db, clock, new_kiosk(app)
        store = self.kiosk.store
        with db.write() as session:
            self.at = f"{brands.get_brand(session, store.brand_id).slug}/{store.slug}"
            coat, hat = (
                new_variant(session, style=new_style(session, category_code=kind, **brand), **brand)
                for kind, brand in (
                    (kind, {"brand_id": store.brand_id}) for kind in ("coats", "hats")
                )
            )
            self.hat = lay_out_and_show(session, store, hat)
            self.coat = lay_out_and_show(session, store, coat)
            fan = new_member(session, store.brand_id)
            social.like(session, self.coat, member=fan, now=core_clock.now())
            self.people = who_like(session, store, 11, hat)
        clock.advance(days=1)

    def come_in(self, people: list[MemberView]) -> None:
        with self.db.write() as session:
            come_in(session, self.kiosk.store, self.clock, people)

    def part(self, part: str, screen: Visitor | None = None) -> str:
        """A part of the kiosk, as its screen fetches it, or another browser."""
        return (screen or self.kiosk.screen).open(f"/fragments/kiosk/{self.at}/{part}").text

    def shown(self) -> list[str]:
        """The looks on the kiosk's wall, in order."""
        return re.findall(r'data-outfit="(\w+)"', self.kiosk.shows())


@pytest.fixture
def shop(app: Flask, db: Database, clock: FixedClock) -> Shop:
    return Shop(app, db, clock)


def test_with_nine_there_every_part_is_byte_for_byte_what_it_was(shop: Shop) -> None:
    before = {part: shop.part(part) for part in PARTS}
    assert shop.shown() == [shop.coat, shop.hat]
    shop.come_in(shop.people[:9])
    assert {part: shop.part(part) for part in PARTS} == before
    shop.come_in(shop.people[9:])
    after = {part: shop.part(part) for part in PARTS}
    assert all(LINE in part and LINE not in before[name] for name, part in after.items())
    assert shop.shown() == [shop.hat, shop.coat]


def test_it_names_and_counts_nobody_who_is_there(shop: Shop) -> None:
    names = [one.display_name for one in shop.people]
    before = {part: set(re.findall(r"\w+", shop.part(part))) for part in PARTS}
    shop.come_in(shop.people)
    for part in PARTS:
        page = shop.part(part)
        news = set(re.findall(r"\w+", page)) - before[part]
        assert not any(word.isdigit() for word in news), "no number that was not there"
        assert not any(one.id in page for one in shop.people)
        assert not news & {word for name in names for word in name.split()}


def test_only_a_kiosk_that_was_let_into_that_store_chooses(
    shop: Shop, visit: Callable[[], Visitor]
) -> None:
    with shop.db.write() as session:
        store = shop.kiosk.store
        other = new_store(session, brand_id=store.brand_id)
        elsewhere = new_device(session, other, "kiosk")
        tablet = new_device(session, store, "tablet")
    shop.come_in(shop.people)
    for screen in (
        visit(),
        visit().sign_in(elsewhere, cookie="device"),
        visit().sign_in(tablet, cookie="device"),
    ):
        assert LINE not in shop.part("wall", screen)
        assert LINE not in screen.open(f"/kiosk/{shop.at}").text
    assert LINE in shop.part("wall"), "the control"


def test_who_turns_it_off_is_in_no_crowd_at_the_next_look(shop: Shop) -> None:
    shop.come_in(shop.people)
    assert shop.shown() == [shop.hat, shop.coat]
    for one in shop.people[:2]:
        phone = shop.kiosk.phone_of(one).open("/me/privacy")
        assert "may choose the looks it shows" in phone.text
        phone.send(f"/me/privacy/{SCREENS_CHOOSE}/off")
        assert "No screen chooses by what you like from now." in phone.text
    assert shop.shown() == [shop.coat, shop.hat]
    assert LINE not in shop.part("looks")


def test_at_the_door_stands_what_a_screen_does_with_a_check_in_for_who_agreed(shop: Shop) -> None:
    with shop.db.write() as session:
        silent = new_member(session, shop.kiosk.store.brand_id)
    agreed, not_agreed = (
        shop.kiosk.phone_of(one).open(f"/in/{shop.at}").text for one in (shop.people[0], silent)
    )
    assert "may choose what it shows by what you and at least nine others here like" in agreed
    assert "What a screen does with it" not in not_agreed
